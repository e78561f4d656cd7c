/** Times and prices as people read and hear them. */

import type { Language } from "./words";

/** 754 s is "12:34", 3754 s "1:02:34". */
export function clock(seconds: number): string {
  const [h, m, s] = parts(seconds);
  const tail = `${`${s}`.padStart(2, "0")}`;
  return h ? `${h}:${`${m}`.padStart(2, "0")}:${tail}` : `${m}:${tail}`;
}

/** 754 s is "12 minutes 34 seconds" or "12分34秒", for screen readers. */
export function spoken(seconds: number, language: Language): string {
  const [h, m, s] = parts(seconds);
  const units = language === "zh" ? (["小时", "分", "秒"] as const) : ([" hour", " minute", " second"] as const);
  const said = [h, m, s].map((value, index) => {
    if (!value && !(index === 2 && !h && !m)) return "";
    return `${value}${units[index]}${language === "en" && value !== 1 ? "s" : ""}`;
  });
  return said.filter(Boolean).join(language === "zh" ? "" : " ");
}

/** 39.9 in CNY is "¥39.90". A currency that the browser does not know is written behind. */
export function price(amount: number, currency: string, language: Language): string {
  const key = `${language} ${currency}`;
  if (!formats.has(key)) formats.set(key, formatOf(currency, language));
  return formats.get(key)!(amount);
}

/** Kept: making one costs as much as a hundred prices. */
const formats = new Map<string, (amount: number) => string>();

function formatOf(currency: string, language: Language): (amount: number) => string {
  try {
    const { format } = new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
    return format;
  } catch {
    return (amount) => `${amount.toFixed(2)} ${currency}`;
  }
}

function parts(seconds: number): [number, number, number] {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
}
