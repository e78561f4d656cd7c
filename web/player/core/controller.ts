/**
 * The player's core, without any page: it follows a clock, says which highlight is current and which card to show,
 * and jumps. It works over an HTMLMediaElement, or anything that has a time, a duration and events.
 */

import { type Card, type Cause, type KandianEvents, type Media, type MediaEvent } from "./contract";
import { JumpWatch } from "./jump-watch";
import { type Highlight, type Show, type TakeChoice, readShow } from "./show";

/** A landing is still its highlight's this long before `seek`: players land on the frame before. */
const LANDING_SLACK_S = 0.5;
/** The first card costs as much as all dots: they are painted before it. */
const PAINTED_MS = 30;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const CLOCK_EVENTS: readonly MediaEvent[] = ["timeupdate", "play", "playing", "pause", "ratechange", "seeked", "ended"];

export class KandianController extends EventTarget {
  show: Show | null = null;
  current: Highlight | null = null;
  card: Card | null = null;

  #isCardAutomatic = true;
  #media: Media | null = null;
  #landing: Highlight | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;
  #abort = new AbortController();
  #jumps = new JumpWatch((from, to) => this.#emit("scrub-back", { ...this.#about(this.show?.at(to) ?? null, to), from, to }));

  constructor(media: Media | null = null) {
    super();
    if (media) this.attach(media);
  }

  /** Follow `media` from now on, and no other. */
  attach(media: Media): void {
    this.detach();
    this.#media = media;
    const { signal } = this.#abort;
    for (const type of CLOCK_EVENTS) media.addEventListener(type, () => this.#follow(), { signal });
    media.addEventListener("seeking", () => this.#jumps.leave(), { signal });
    media.addEventListener("seeked", () => this.#jumps.land(media.currentTime), { signal });
    this.#awaitFrame();
    this.#follow();
  }

  detach(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    clearTimeout(this.#timer);
    this.#jumps.stop();
    this.#media?.cancelVideoFrameCallback?.(this.#frame);
    this.#media = null;
  }

  /**
   * Take the show from the address of a highlights.json, or of a latest.json that names one. Throws what fetch throws,
   * and UnreadableHighlights.
   */
  async load(address: string | URL): Promise<Show> {
    let [json, from] = await fetched(address, document.baseURI);
    if (typeof json?.highlights === "string") [json, from] = await fetched(json.highlights, from);
    return this.open(json, from);
  }

  /** Take the show from what a highlights.json holds; `base` is the address that its relative ones start from. */
  open(json: unknown, base: string = document.baseURI): Show {
    const show = readShow(json, base);
    [this.show, this.current, this.#landing] = [show, null, null];
    this.#put(null);
    this.#emit("load", { sessionId: show.id, revision: show.revision });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#follow(), PAINTED_MS);
    return show;
  }

  /** Whether the current highlight's card appears by itself. Switching it off puts away one that did. */
  get isCardAutomatic(): boolean {
    return this.#isCardAutomatic;
  }

  set isCardAutomatic(isOn: boolean) {
    this.#isCardAutomatic = isOn;
    if (isOn) this.#offer(this.current);
    else if (this.card?.why === "current") this.#put(null);
  }

  get time(): number {
    return this.#media?.currentTime ?? 0;
  }

  /** Seconds: the show's, else the media's, else 0. */
  get duration(): number {
    return this.show?.duration ?? (this.#media?.duration || 0);
  }

  /** The first click: show a highlight's card, and stay where we are. */
  select(id: string, by: Cause = "api"): Highlight | null {
    const highlight = this.show?.highlight(id) ?? null;
    if (!highlight) return null;
    this.#put({ highlight, why: "selected" });
    this.#emit("select", { ...this.#about(highlight, this.time), by });
    return highlight;
  }

  /** The second click: go to where the highlight is best seen from. */
  jump(id: string, by: Cause = "api"): Highlight | null {
    const highlight = this.show?.highlight(id) ?? null;
    if (highlight) this.#jumpTo(highlight, highlight.seek, by);
    return highlight;
  }

  /** A click on a dot: the first selects, the second jumps. */
  activate(id: string, by: Cause = "dot"): Highlight | null {
    const isSelected = this.card?.why === "selected" && this.card.highlight.id === id;
    return isSelected ? this.jump(id, by) : this.select(id, by);
  }

  /** Go to a moment inside a highlight. */
  jumpToMoment(id: string, at: number, by: Cause = "card"): void {
    const highlight = this.show?.highlight(id);
    if (highlight) this.#jumpTo(highlight, at, by);
  }

  /** Go to where a product is explained; null, and no move, if it is not. */
  seekToProduct(productId: string, { take = "best", by = "api" }: { take?: TakeChoice; by?: Cause } = {}): Highlight | null {
    const highlight = this.show?.takeOf(productId, take, this.time) ?? null;
    return highlight && this.jump(highlight.id, by);
  }

  /** Go to the highlight after (1) or before (-1) this time. */
  step(direction: 1 | -1, by: Cause = "api"): Highlight | null {
    const all = this.show?.highlights ?? [];
    const here = this.time;
    const next = direction > 0 ? all.find((each) => each.seek > here + 0.5) : all.findLast((each) => each.seek < here - 2);
    return next ? this.jump(next.id, by) : null;
  }

  /** Go to a time. A viewer's own move: going back is reported as scrub-back. */
  seek(time: number): void {
    this.#goTo(Math.min(Math.max(0, time), this.duration || Infinity));
  }

  /** Close the card. The current one comes back by itself only when it begins anew. */
  dismiss(): void {
    this.#put(null);
  }

  #jumpTo(highlight: Highlight, to: number, by: Cause): void {
    const from = this.time;
    this.#landing = to < highlight.start ? highlight : null;
    this.#jumps.expect();
    this.#goTo(to);
    this.#enter(highlight, to);
    this.#put({ highlight, why: "current" });
    this.#emit("jump", { ...this.#about(highlight, to), by, from, to });
    if (by !== "link") void Promise.resolve(this.#media?.play?.()).catch(() => undefined);
  }

  #goTo(time: number): void {
    const media = this.#media;
    if (!media) return;
    media.currentTime = time;
    if (media.readyState !== 0) return;
    const settle = { signal: this.#abort.signal, once: true };
    media.addEventListener("loadedmetadata", () => (media.currentTime = time), settle);
  }

  #follow(): void {
    const media = this.#media;
    if (!media || !this.show) return;
    if (!media.seeking) this.#look(media.currentTime);
    this.#aim(media);
  }

  #look(time: number): void {
    this.#jumps.pass(time);
    const here = this.#at(time);
    if (here?.id === this.current?.id) return;
    const left = this.current;
    this.#enter(here, time);
    if (left && this.card?.highlight.id === left.id) this.#put(null);
    this.#offer(here);
  }

  #offer(highlight: Highlight | null): void {
    if (highlight && this.#isCardAutomatic && this.card?.why !== "selected") this.#put({ highlight, why: "current" });
  }

  #at(time: number): Highlight | null {
    const landing = this.#landing;
    if (landing && landing.seek - LANDING_SLACK_S <= time && time < landing.start) return landing;
    this.#landing = null;
    return this.show?.at(time) ?? null;
  }

  #enter(highlight: Highlight | null, at: number): void {
    if (highlight?.id === this.current?.id) return;
    const left = this.current;
    this.current = highlight;
    if (left) this.#emit("leave", this.#about(left, at));
    if (highlight) this.#emit("enter", this.#about(highlight, at));
  }

  /** Wake at the next start or end: timeupdate alone comes four times a second. */
  #aim(media: Media): void {
    clearTimeout(this.#timer);
    const border = this.show?.borderAfter(media.currentTime);
    if (border == null || media.paused) return;
    const wait_ms = ((border - media.currentTime) * 1000) / (media.playbackRate || 1);
    this.#timer = setTimeout(() => this.#follow(), Math.min(Math.max(1, wait_ms), LONGEST_TIMER_MS));
  }

  /** Look at every shown frame where the media can say so: the card changes with the picture. */
  #awaitFrame(): void {
    const media = this.#media;
    if (!media?.requestVideoFrameCallback) return;
    this.#frame = media.requestVideoFrameCallback(() => {
      if (this.show && !media.seeking) this.#look(media.currentTime); // a frame's own time may be long past: slides stand
      this.#awaitFrame();
    });
  }

  #put(card: Card | null): void {
    const isSame = card?.highlight.id === this.card?.highlight.id && card?.why === this.card?.why;
    this.card = card;
    if (!isSame) this.dispatchEvent(new Event("card"));
  }

  #about(highlight: Highlight | null, at: number): KandianEvents["enter"] {
    const productIds = highlight?.products.map((product) => product.id) ?? [];
    return { sessionId: this.show?.id ?? "", revision: this.show?.revision ?? 0, highlightId: highlight?.id ?? null, productIds, at };
  }

  #emit<Type extends keyof KandianEvents>(type: Type, detail: KandianEvents[Type]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** What lies at an address, and where it was found. */
async function fetched(address: string | URL, base: string): Promise<[json: any, from: string]> {
  const url = new URL(address, base).href;
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return [await answer.json(), answer.url || url];
}
