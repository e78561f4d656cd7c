/** Finding words in titles and in what was said, in Chinese and English. */

import type { Highlight, Show } from "./show";
import type { Cue } from "./webvtt";

/** A highlight that matches, or what was said (`text`) at a time. */
export type Hit =
  | { readonly kind: "highlight"; readonly at: number; readonly highlight: Highlight }
  | { readonly kind: "said"; readonly at: number; readonly text: string; readonly highlight: Highlight | null };

/** Full-width and half-width, upper and lower case are one. */
function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** A test of texts that hold every word of `query`, in any order. Chinese has no spaces: a run of it is found as it is. */
export function matcher(query: string): (text: string) => boolean {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return (text) => {
    const searched = folded(text);
    return words.every((word) => searched.includes(word));
  };
}

/** Highlights whose words match first, then what was said, each by time. An empty query finds all highlights. */
export function search(show: Show, cues: readonly Cue[], query: string): Hit[] {
  const matches = matcher(query);
  const found = show.highlights.filter((each) => matches(wordsOf(each)));
  const hits: Hit[] = found.map((highlight) => ({ kind: "highlight", at: highlight.seek, highlight }));
  if (!query.trim()) return hits;
  for (const cue of cues)
    if (matches(cue.text)) hits.push({ kind: "said", at: cue.start, text: cue.text, highlight: show.at(cue.start) });
  return hits;
}

function wordsOf(highlight: Highlight): string {
  const products = highlight.products.flatMap((each) => [each.title, each.name, each.linkNo === null ? "" : `${each.linkNo}`]);
  return [highlight.title, highlight.summary, ...products].join("\n");
}
