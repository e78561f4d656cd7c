// Made by web/schema-types.mjs from docs/schema/highlights-1.0.json; not to be edited by hand.

/**
 * One entry of highlights.json. The first of `product_ids` is the main one; times are seconds of the replay.
 *
 * `product_confidence`: the machine's chance that the main product is explained there; `start_confidence`: if it is,
 * that the explanation begins from 10 s before to 5 s after `seek`; `confidence`: that both hold, their product. They
 * stay when people edit or approve: `status` says that somebody looked. What people add has 1. Files of earlier
 * versions have `confidence` alone; both are its square root then.
 */
export interface Highlight {
  readonly best_take: boolean;
  readonly confidence: number;
  readonly end: number;
  readonly id: string;
  readonly moments: readonly Moment[];
  readonly product_confidence?: number;
  readonly product_ids: readonly string[];
  readonly reasons: readonly Reason[];
  readonly seek: number;
  readonly start: number;
  readonly start_confidence?: number;
  readonly status: "auto" | "approved" | "edited" | "added";
  readonly summary: string;
  readonly take: number;
  readonly thumbnail: string | null;
  readonly title: string;
}

/**
 * A point inside a highlight, with the words spoken there.
 */
export interface Moment {
  readonly at: number;
  readonly kind: "price" | "demo" | "link" | "coupon" | "question";
  readonly quote: string;
}

/**
 * The fields of a product that anyone may see. Prices are in units of `currency`, not minor units.
 */
export interface PublicProduct {
  readonly attributes: Readonly<Record<string, string>>;
  readonly brand: string;
  readonly category: string;
  readonly currency: string;
  readonly image: string | null;
  readonly link_no: number | null;
  readonly list_price: number | null;
  readonly price: number | null;
  readonly product_id: string;
  readonly service_url: string | null;
  readonly short_name: string;
  readonly title: string;
  readonly url: string | null;
}

/**
 * Why the machine thinks so, in words for people, with its time.
 */
export interface Reason {
  readonly end: number;
  readonly kind: string;
  readonly start: number;
  readonly text: string;
}

/**
 * highlights.json, schema version 1.0: the replay, its products, and where each is explained.
 *
 * `revision` is 0 until people publish. `replay` is the address of master.m3u8 relative to this file. `suggestions`
 * are below the publishing threshold: for editors, never for viewers. `unexplained` are listed products without a
 * highlight.
 */
export interface HighlightsFile {
  readonly duration: number;
  readonly highlights: readonly Highlight[];
  readonly language: "zh" | "en";
  readonly products: readonly PublicProduct[];
  readonly replay: string;
  readonly revision: number;
  readonly schema_version: "1.0";
  readonly session_id: string;
  readonly suggestions: readonly Highlight[];
  readonly unexplained: readonly string[];
}
