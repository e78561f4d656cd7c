/** What a player knows of a show: highlights and products, checked and in order. Suggestions are left behind. */

import type { Highlight as FileHighlight, HighlightsFile, Moment, PublicProduct } from "./highlights-1.0";
import { safeAddress, safeLink } from "./safe-address";

/** A product as viewers see it. Addresses are safe to use, or null. Prices are those at the show, in `currency`. */
export interface Product {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  readonly linkNo: number | null;
  readonly price: number | null;
  readonly listPrice: number | null;
  readonly currency: string;
  readonly image: string | null;
  readonly url: string | null;
  readonly serviceUrl: string | null;
}

/**
 * Where products are explained. The first product is the main one; times are seconds of the replay.
 *
 * `productConfidence`: the chance that the main product is explained there; `startConfidence`: if it is, that it begins
 * at `seek`; `confidence`: their product. Files of versions that did not tell them apart have that alone.
 */
export interface Highlight {
  readonly id: string;
  readonly products: readonly Product[];
  readonly start: number;
  readonly end: number;
  readonly seek: number;
  readonly confidence: number;
  readonly productConfidence: number;
  readonly startConfidence: number;
  readonly title: string;
  readonly summary: string;
  readonly moments: readonly Moment[];
  readonly thumbnail: string | null;
  readonly take: number;
  readonly isBest: boolean;
}

export type TakeChoice = "best" | "next" | "first" | number;

/** The file cannot be used. The message says where in it, and what was expected. */
export class UnreadableHighlights extends Error {
  override readonly name = "UnreadableHighlights";
}

export class Show {
  /** Starts and ends of all highlights, ascending: the only times at which the current one can change. */
  readonly #borders: readonly number[];
  readonly #byId: ReadonlyMap<string, Highlight>;

  constructor(
    readonly id: string,
    readonly revision: number,
    readonly duration: number,
    readonly language: "zh" | "en",
    readonly replay: string | null,
    readonly products: ReadonlyMap<string, Product>,
    /** By `seek`, earliest first. */
    readonly highlights: readonly Highlight[],
    /** The address of its highlights.json. */
    readonly base: string,
  ) {
    this.#byId = new Map(highlights.map((each) => [each.id, each]));
    this.#borders = highlights.flatMap((each) => [each.start, each.end]).sort((a, b) => a - b);
  }

  highlight(id: string): Highlight | null {
    return this.#byId.get(id) ?? null;
  }

  /** The highlight that `time` lies in; of several the one that began last. */
  at(time: number): Highlight | null {
    let found: Highlight | null = null;
    for (const each of this.highlights)
      if (each.start <= time && time < each.end && (!found || each.start >= found.start)) found = each;
    return found;
  }

  /** The next start or end after `time`, or null. */
  borderAfter(time: number): number | null {
    return this.#borders.find((border) => border > time) ?? null;
  }

  /** All takes of a product by time: where it is the main one, else the bundles that it is in. */
  takesOf(productId: string): readonly Highlight[] {
    const own = this.highlights.filter((each) => each.products[0]?.id === productId);
    return own.length ? own : this.highlights.filter((each) => each.products.some((product) => product.id === productId));
  }

  /** One take of a product, or null if it is not explained. "next" is the first whose `seek` lies after `time`, else the first. */
  takeOf(productId: string, choice: TakeChoice, time: number): Highlight | null {
    const takes = this.takesOf(productId);
    if (choice === "first") return takes[0] ?? null;
    if (choice === "next") return takes.find((each) => each.seek > time + 0.5) ?? takes[0] ?? null;
    if (typeof choice === "number") return takes.find((each) => each.take === choice) ?? null;
    const surest = [...takes].sort((a, b) => b.confidence - a.confidence)[0];
    return takes.find((each) => each.isBest) ?? surest ?? null;
  }
}

/** Read what highlights.json holds. `base` is its own address. Throws UnreadableHighlights. */
export function readShow(json: unknown, base: string): Show {
  const file = checked(json);
  const products = new Map(file.products.map((each) => [each.product_id, productOf(each, base)]));
  const highlights = file.highlights.map((each, index) => highlightOf(each, `highlights[${index}]`, products, base));
  highlights.sort((a, b) => a.seek - b.seek || a.start - b.start);
  const replay = safeAddress(file.replay, base);
  return new Show(file.session_id, file.revision, file.duration, file.language, replay, products, highlights, base);
}

function checked(json: unknown): HighlightsFile {
  const file = json as HighlightsFile | null;
  if (typeof file !== "object" || !file) throw new UnreadableHighlights("highlights.json holds no object");
  const version = String(file.schema_version);
  if (!version.startsWith("1."))
    throw new UnreadableHighlights(`schema_version is ${version}; this player reads 1.x, so use a newer one`);
  for (const key of ["products", "highlights"] as const)
    if (!Array.isArray(file[key])) throw new UnreadableHighlights(`${key} is no list`);
  if (!(file.duration > 0)) throw new UnreadableHighlights("duration is no positive number");
  return file;
}

function productOf(given: PublicProduct, base: string): Product {
  return {
    id: text(given.product_id),
    title: text(given.title),
    name: text(given.short_name) || text(given.title),
    linkNo: number(given.link_no),
    price: number(given.price),
    listPrice: number(given.list_price),
    currency: text(given.currency),
    image: safeAddress(given.image, base),
    url: safeLink(given.url),
    serviceUrl: safeLink(given.service_url),
  };
}

function highlightOf(given: FileHighlight, place: string, products: Map<string, Product>, base: string): Highlight {
  if (![given.start, given.end, given.seek].every(Number.isFinite) || given.end <= given.start)
    throw new UnreadableHighlights(`${place} needs start < end and a seek, all in seconds`);
  return {
    id: text(given.id),
    products: given.product_ids.flatMap((id) => products.get(id) ?? []),
    start: given.start,
    end: given.end,
    seek: Math.max(0, given.seek),
    confidence: given.confidence,
    productConfidence: given.product_confidence ?? given.confidence ** 0.5,
    startConfidence: given.start_confidence ?? given.confidence ** 0.5,
    title: text(given.title),
    summary: text(given.summary),
    moments: given.moments.filter((each) => Number.isFinite(each.at)),
    thumbnail: safeAddress(given.thumbnail, base),
    take: given.take,
    isBest: given.best_take,
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
