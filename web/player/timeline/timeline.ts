/**
 * <kandian-timeline for="video" src="highlights.json">: the bar of a replay with its dots and cards, over any player.
 *
 * for          the id of a media element of the same page, or set .controller
 * src          the address of highlights.json
 * thumbnails   the address of thumbnails.vtt; beside highlights.json if not said; "none" for none
 * overlay      only dots and cards, to be laid over the bar of another player
 * no-auto-card, show-confidence, lang, theme="light|dark"
 *
 * Tells kandian:load, enter, leave, select, jump, scrub-back and error as events that bubble.
 */

import { EVENTS, type Highlight, KandianController, type Media } from "../core";
import { cardView } from "../page/card";
import { make, setAttributes, sheet } from "../page/elements";
import { clock } from "../page/format";
import theme from "../page/theme.css";
import { WORDS, type Words, languageFor } from "../page/words";
import { Dots } from "./dots";
import { Preview } from "./preview";
import { Slider } from "./slider";
import style from "./timeline.css";

const SHEET = sheet(theme, style);
/** The card keeps this far from the ends of the bar. */
const MARGIN_PX = 8;
/** A card is never squeezed under this height, however near the bar is to the top of the window. */
const LEAST_ROOM_PX = 160;

export class KandianTimeline extends HTMLElement {
  static readonly observedAttributes = ["for", "src", "lang", "no-auto-card", "show-confidence", "thumbnails"];

  #controller = new KandianController();
  #dots!: Dots;
  #slider!: Slider;
  #abort = new AbortController();
  #asked: string | null = null;
  readonly #root = this.attachShadow({ mode: "open" });
  readonly #preview = new Preview();
  readonly #place = make("div", { class: "place" });
  readonly #live = make("div", { class: "unseen", role: "status" });
  readonly #resizes = new ResizeObserver(() => this.#draw());

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [SHEET];
    this.#build();
  }

  /** The core that this bar shows. A bar of another player's gets its own, from `for` and `src`. */
  get controller(): KandianController {
    return this.#controller;
  }

  set controller(controller: KandianController) {
    this.#controller = controller;
    this.#build();
    if (this.isConnected) this.connectedCallback();
  }

  /** Whether a picked card or the list of a dot is open: a click elsewhere only closes it. */
  get isOpen(): boolean {
    return this.#place.querySelector(".selected, .cluster") !== null;
  }

  connectedCallback(): void {
    this.#listen();
    this.#resizes.observe(this);
    this.#find();
    this.#load();
    this.#showAll();
    this.#tick();
  }

  disconnectedCallback(): void {
    this.#abort.abort();
    this.#resizes.disconnect();
    if (this.hasAttribute("for")) this.#controller.detach();
  }

  attributeChangedCallback(name: string): void {
    if (name === "no-auto-card") this.#controller.isCardAutomatic = !this.hasAttribute(name);
    if (!this.isConnected) return;
    if (name === "for") this.#find();
    if (name === "src") this.#load();
    if (name === "thumbnails") this.#loadPictures();
    if (name === "lang" || name === "show-confidence") this.#showAll();
  }

  #build(): void {
    this.#dots = new Dots(this.#controller, {
      one: (highlight) => this.#controller.activate(highlight.id, "dot"),
      several: (highlights, dot) => this.#list(highlights, dot),
    });
    this.#slider = new Slider(this.#controller);
    this.#root.replaceChildren(this.#dots.element, this.#place, this.#slider.element, this.#preview.element, this.#live);
    for (const element of [this.#dots.element, this.#slider.element]) {
      element.addEventListener("pointermove", (event) => this.#peek(event));
      element.addEventListener("pointerleave", () => this.#preview.hide());
    }
    this.#root.addEventListener("keydown", (event) => this.#escape(event as KeyboardEvent));
  }

  #listen(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const on = (type: string, listener: () => void) => this.#controller.addEventListener(type, listener, { signal });
    on("load", () => this.#showAll());
    on("card", () => this.#showCard());
    on("enter", () => this.#marks());
    on("leave", () => this.#marks());
    for (const type of EVENTS)
      this.#controller.addEventListener(type, (event) => this.#tell(type, (event as CustomEvent).detail), { signal });
    // A click elsewhere on the page puts a picked card away, as menus do.
    document.addEventListener("pointerdown", (event) => this.#clickedAt(event), { signal });
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`kandian:${type}`, { detail, bubbles: true, composed: true }));
  }

  #find(): void {
    const id = this.getAttribute("for");
    const media = id ? (this.getRootNode() as Document | ShadowRoot).getElementById(id) : null;
    if (media) this.#controller.attach(media as HTMLMediaElement satisfies Media);
  }

  #load(): void {
    const src = this.getAttribute("src");
    if (!src || src === this.#asked) return;
    this.#asked = src;
    this.#controller.load(src).then(
      () => this.#loadPictures(),
      (error: unknown) => this.#tell("error", { error }),
    );
  }

  get #language() {
    return languageFor(this, this.#controller.show?.language);
  }

  get #words(): Words {
    return WORDS[this.#language];
  }

  #showAll(): void {
    setAttributes(this.#dots.element, { "aria-label": this.#words.highlights });
    this.#dots.clear();
    this.#slider.draw(this.#words);
    this.#draw();
    this.#showCard();
  }

  #loadPictures(): void {
    const base = this.getAttribute("src") && this.#controller.show?.base;
    const address = this.getAttribute("thumbnails") ?? (base && new URL("thumbnails.vtt", base).href);
    if (address && address !== "none") void this.#preview.load(address);
  }

  #draw(): void {
    this.#dots.draw(this.clientWidth, this.#words, this.#language);
    this.#slider.move(this.#words, this.#language);
    this.#put();
  }

  #marks(): void {
    this.#dots.mark(this.#words);
    this.#slider.mark(this.#controller.card?.highlight ?? null);
  }

  #tick(): void {
    const { signal } = this.#abort;
    const step = () => {
      if (signal.aborted) return;
      this.#slider.move(this.#words, this.#language);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  #showCard(): void {
    const { card, show } = this.#controller;
    const words = this.#words;
    const hadFocus = this.#place.matches(":focus-within");
    // An open list stays under the hand that reads it, whatever begins or ends in play.
    if (this.#dots.listed && card?.why !== "selected") return this.#marks();
    this.#dots.listed = null;
    this.#marks();
    this.#place.replaceChildren();
    if (!card || !show) {
      this.#live.textContent = "";
      if (hadFocus) this.#dots.focus();
      return;
    }
    const view = cardView(card, this.#controller, { words, language: this.#language, hasConfidence: this.hasAttribute("show-confidence") });
    this.#place.append(view);
    this.#put();
    if (card.why === "selected") this.#preview.hide();
    this.#live.textContent = card.why === "current" ? words.explaining(card.highlight.title) : card.highlight.title;
    if (hadFocus) (view.querySelector<HTMLElement>(".jump") ?? view.querySelector<HTMLElement>("button"))?.focus();
  }

  /** A picked card stands over its dot; that of the current highlight always in the same corner. */
  #put(): void {
    const view = this.#place.firstElementChild as HTMLElement | null;
    if (!view) return;
    const id = view.dataset.id ?? "";
    const width = this.clientWidth;
    const x = this.#dots.xOf(id);
    const isAnchored = !view.classList.contains("current");
    const left = isAnchored ? Math.max(MARGIN_PX, Math.min(width - view.offsetWidth - MARGIN_PX, x - view.offsetWidth / 2)) : MARGIN_PX;
    const room = Math.max(LEAST_ROOM_PX, this.#place.getBoundingClientRect().bottom - 2 * MARGIN_PX);
    view.classList.toggle("tall", view.scrollHeight > room); // all is read before the first is written: one layout
    view.style.left = `${left}px`;
    view.style.setProperty("--arrow", `${x - left}px`);
    view.style.maxHeight = `${room}px`;
  }

  #list(highlights: readonly Highlight[], dot: HTMLButtonElement): void {
    const words = this.#words;
    const isOpen = this.#dots.listed === dot;
    this.#close();
    if (isOpen) return;
    const entries = highlights.map((each) => {
      const entry = make("button", { type: "button", class: "entry" }, make("time", {}, clock(each.seek)), make("span", {}, each.title));
      entry.addEventListener("click", () => this.#controller.activate(each.id, "list"));
      return make("li", {}, entry);
    });
    const view = make("div", { class: "card cluster", role: "dialog", "aria-label": words.cluster(highlights.length), "data-id": highlights[0]!.id }, make("p", { class: "kicker" }, words.cluster(highlights.length)), make("ul", { class: "entries" }, ...entries));
    view.addEventListener("keydown", (event) => walkEntries(event, view));
    this.#place.append(view);
    this.#dots.listed = dot;
    this.#preview.hide();
    this.#marks();
    this.#put();
    view.querySelector<HTMLElement>(".entry")?.focus();
  }

  #peek(event: Event): void {
    const { clientX, pointerType } = event as PointerEvent;
    if (pointerType === "touch" && !this.#slider.isDragged) return;
    const show = this.#controller.show;
    if (!show) return;
    const under = this.#dots.under(event.composedPath()[0] ?? null);
    const time = under?.highlights[0]?.seek ?? this.#slider.timeAt(clientX);
    const there = show.at(time);
    const x = under?.x ?? clientX - this.getBoundingClientRect().left;
    if (this.isOpen) return this.#preview.hide();
    this.#preview.show(time, x, this.clientWidth, under?.highlights ?? (there ? [there] : []));
  }

  #escape(event: KeyboardEvent): void {
    const view = this.#place.firstElementChild as HTMLElement | null;
    if (event.key !== "Escape" || !view) return;
    event.stopPropagation();
    const dot = this.#dots.dotOf(view.dataset.id ?? "");
    this.#close();
    dot?.focus();
  }

  #close(): void {
    this.#dots.listed = null;
    this.#controller.dismiss();
    this.#place.replaceChildren();
    this.#marks();
  }

  #clickedAt(event: PointerEvent): void {
    if (this.isOpen && !event.composedPath().includes(this)) this.#close();
  }
}

function walkEntries(event: KeyboardEvent, view: HTMLElement): void {
  const entries = [...view.querySelectorAll<HTMLElement>(".entry")];
  const here = entries.findIndex((each) => each.matches(":focus"));
  const steps: Record<string, number> = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: entries.length - 1 };
  const next = entries[steps[event.key] ?? -1];
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}
