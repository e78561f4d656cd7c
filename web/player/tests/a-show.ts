/** A small show for the tests, and a clock that is moved by hand. */

import type { Media, MediaEvent } from "../core/contract";
import type { HighlightsFile } from "../core/highlights-1.0";

export const HOME = "https://shop.example/replays/1/highlights.json";

type Row = readonly [id: string, product: string, start: number, end: number];

export function file(rows: readonly Row[], changes: Partial<Record<keyof HighlightsFile, unknown>> = {}): HighlightsFile {
  const takes = new Map<string, number>();
  const ids = [...new Set(rows.map((row) => row[1]))];
  const highlights = rows.map(([id, product, start, end]) => {
    takes.set(product, (takes.get(product) ?? 0) + 1);
    return {
      id, product_ids: [product], start, end, seek: start, confidence: 0.5, title: `${product} title`, summary: "", moments: [], reasons: [],
      thumbnail: null, take: takes.get(product)!, best_take: false, status: "auto" as const,
    };
  });
  const products = ids.map((id, index) => ({
    product_id: id, link_no: index + 1, title: `full title of ${id}`, short_name: id, brand: "", category: "", attributes: {}, price: 1, list_price: null,
    currency: "CNY", image: null, url: null, service_url: null,
  }));
  const whole: HighlightsFile = {
    schema_version: "1.0", session_id: "s", revision: 0, duration: 100, language: "zh", replay: "replay.mp4", products, highlights, suggestions: [], unexplained: [],
  };
  return { ...whole, ...changes } as HighlightsFile;
}

/** A player of somebody else's, as far as the core needs one. It stands still until it is moved. */
export class Clock implements Media {
  readonly duration = 100;
  paused = true;
  seeking = false;
  playbackRate = 1;
  #time = 0;
  readonly #events = new EventTarget();

  get currentTime(): number {
    return this.#time;
  }

  set currentTime(time: number) {
    this.seeking = true;
    this.#tell("seeking");
    this.#time = time;
    this.seeking = false;
    this.#tell("seeked");
  }

  /** Let time pass in play. */
  pass(to: number): void {
    this.#time = to;
    this.#tell("timeupdate");
  }

  /** Time passes, but nobody is told. */
  passUnseen(to: number): void {
    this.#time = to;
  }

  play(): void {
    this.paused = false;
    this.#tell("play");
  }

  addEventListener(type: MediaEvent, listener: () => void, options?: AddEventListenerOptions): void {
    this.#events.addEventListener(type, listener, options);
  }

  #tell(type: MediaEvent): void {
    this.#events.dispatchEvent(new Event(type));
  }
}
