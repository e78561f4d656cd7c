/** Links that open a replay at a place: ?t=, ?product= and #highlight=, each as query or as fragment. */

export type DeepLink =
  | { readonly kind: "highlight"; readonly id: string }
  | { readonly kind: "time"; readonly at: number }
  | { readonly kind: "product"; readonly id: string };

/**
 * What the address asks for, or null. The fragment counts before the query, as it is what changes in an open page; in
 * each the most exact first: a highlight, a time, a product.
 */
export function readDeepLink(address: string | URL): DeepLink | null {
  const url = new URL(address);
  return asked(new URLSearchParams(url.hash.slice(1))) ?? asked(url.searchParams);
}

function asked(words: URLSearchParams): DeepLink | null {
  const [highlight, time, product] = [words.get("highlight"), readTime(words.get("t")), words.get("product")];
  if (highlight) return { kind: "highlight", id: highlight };
  if (time !== null) return { kind: "time", at: time };
  return product ? { kind: "product", id: product } : null;
}

/** The address that opens a page's replay at a time: ?t= is what search engines ask for. */
export function linkTo(page: string | URL, seconds: number): string {
  const url = new URL(page);
  url.hash = "";
  url.searchParams.delete("product");
  url.searchParams.set("t", `${Math.floor(seconds)}`);
  return url.href;
}

/** Seconds of "90", "90.5", "90s", "1m30s", "1h2m3s", "1:30"; null if it is none of these. */
function readTime(text: string | null): number | null {
  if (!text) return null;
  if (/^\d+(:\d{1,2}){1,2}$/.test(text)) return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  const [whole, h = "0", m = "0", s = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(text) ?? [];
  return whole ? Number(h) * 3600 + Number(m) * 60 + Number(s) : null;
}
