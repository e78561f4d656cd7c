/** Which addresses of a highlights file a player may use: the file is untrusted. */

/** `text`, resolved against `base`, if it is https or lies beside `base` (same origin); else null. */
export function safeAddress(text: string | null, base: string): string | null {
  const url = parsed(text, base);
  if (!url || url.username || url.password) return null;
  const isBeside = url.protocol === "http:" && url.origin === new URL(base).origin;
  return url.protocol === "https:" || isBeside ? url.href : null;
}

/** An absolute https address that a viewer may be sent to, or null. */
export function safeLink(text: string | null): string | null {
  const url = parsed(text);
  return url && url.protocol === "https:" && !url.username && !url.password ? url.href : null;
}

function parsed(text: string | null, base?: string): URL | null {
  if (!text) return null;
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
