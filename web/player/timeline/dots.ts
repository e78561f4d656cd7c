/** The lane of dots: one a highlight, or one for several where they lie too close to be hit. One stop of the Tab key. */

import { type Cluster, GAP_PX, clustersOf } from "../core/clusters";
import type { Highlight, KandianController } from "../core";
import { make, setAttributes } from "../page/elements";
import { clock, spoken } from "../page/format";
import type { Language, Words } from "../page/words";

/** Dots may stand this far over the ends of the track: half a target. */
export const EDGE_PX = 12;

interface Dot {
  readonly button: HTMLButtonElement;
  readonly cluster: Cluster<Highlight>;
}

export interface Picks {
  one(highlight: Highlight, dot: HTMLButtonElement): void;
  several(highlights: readonly Highlight[], dot: HTMLButtonElement): void;
}

export class Dots {
  readonly element = make("div", { class: "lane", role: "toolbar", "aria-orientation": "horizontal" });
  /** The dot whose list is open. */
  listed: HTMLButtonElement | null = null;
  #dots: readonly Dot[] = [];
  #drawn = "";
  #stop = 0;

  constructor(
    readonly controller: KandianController,
    readonly picks: Picks,
  ) {
    this.element.addEventListener("keydown", (event) => this.#walk(event));
    this.element.addEventListener("focusin", (event) => this.#stopAt(this.#dots.findIndex(({ button }) => button === event.target)));
  }

  /** Draw the dots for a lane of `width` pixels. Nothing is done anew if they are drawn already. */
  draw(width: number, words: Words, language: Language): void {
    const show = this.controller.show;
    if (!show || width <= 2 * EDGE_PX) return;
    const gap = GAP_PX[matchMedia("(pointer: coarse)").matches ? "coarse" : "fine"];
    const drawn = `${width} ${gap} ${language} ${show.id} ${show.revision} ${show.highlights.length}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const points = show.highlights.map((item) => ({ item, x: EDGE_PX + (Math.min(item.seek, show.duration) / show.duration) * (width - 2 * EDGE_PX) }));
    this.#replace(clustersOf(points, gap), words, language);
    this.mark(words);
  }

  /** Forget what is drawn: the next draw makes all dots anew. */
  clear(): void {
    this.#drawn = "";
    this.#dots = [];
    this.element.replaceChildren();
  }

  /** Show which dots are past, current, selected, and of the product on the card. */
  mark(words: Words): void {
    const { card, current } = this.controller;
    const productId = card?.highlight.products[0]?.id;
    for (const { button, cluster } of this.#dots) {
      const has = (id: string | undefined) => cluster.items.some((each) => each.id === id);
      const isSelected = card?.why === "selected" && has(card.highlight.id);
      const isAlone = cluster.items.length === 1;
      button.classList.toggle("current", has(current?.id));
      button.classList.toggle("selected", isSelected);
      button.classList.toggle("same", productId !== undefined && cluster.items.some((each) => each.products[0]?.id === productId));
      setAttributes(button, {
        "aria-expanded": `${isSelected || button === this.listed}`,
        "aria-current": has(current?.id) ? "true" : null,
        "aria-description": isAlone && isSelected ? words.again : null,
      });
    }
  }

  /** Focus the dot that the Tab key stops at. */
  focus(): void {
    this.#dots[this.#stop]?.button.focus();
  }

  /** The dot that stands for a highlight, alone or with others. */
  dotOf(id: string): HTMLButtonElement | null {
    return this.#dots.find(({ cluster }) => cluster.items.some((each) => each.id === id))?.button ?? null;
  }

  /** Pixels from the left end of the lane. */
  xOf(id: string): number {
    return this.#dots.find(({ cluster }) => cluster.items.some((each) => each.id === id))?.cluster.x ?? EDGE_PX;
  }

  #replace(clusters: readonly Cluster<Highlight>[], words: Words, language: Language): void {
    const focused = this.#dots.find(({ button }) => button.matches(":focus"))?.cluster.items[0]?.id;
    this.#dots = clusters.map((cluster) => ({ cluster, button: this.#button(cluster, words, language) }));
    this.element.replaceChildren(...this.#dots.map(({ button }) => button));
    this.#stopAt(Math.min(this.#stop, this.#dots.length - 1));
    if (focused) this.dotOf(focused)?.focus();
  }

  #button(cluster: Cluster<Highlight>, words: Words, language: Language): HTMLButtonElement {
    const [first] = cluster.items;
    const last = cluster.items.at(-1)!;
    const isAlone = cluster.items.length === 1;
    const button = make(
      "button",
      {
        type: "button",
        class: isAlone ? (first!.isBest ? "dot best" : "dot") : "dot several",
        tabindex: -1,
        "aria-haspopup": "dialog",
        "aria-label": isAlone
          ? words.dot(first!.title, spoken(first!.seek, language))
          : words.clusterFrom(cluster.items.length, clock(first!.seek), clock(last.seek)),
      },
      make("span", { class: "mark" }, isAlone ? null : `${cluster.items.length}`),
    );
    button.style.left = `${cluster.x}px`;
    button.addEventListener("click", () => (isAlone ? this.picks.one(first!, button) : this.picks.several(cluster.items, button)));
    return button;
  }

  /** The highlights under a dot, for its preview. */
  under(target: EventTarget | null): { highlights: readonly Highlight[]; x: number } | null {
    const dot = this.#dots.find(({ button }) => target instanceof Node && button.contains(target));
    return dot ? { highlights: dot.cluster.items, x: dot.cluster.x } : null;
  }

  #walk(event: KeyboardEvent): void {
    const last = this.#dots.length - 1;
    const steps: Record<string, number> = { ArrowLeft: this.#stop - 1, ArrowRight: this.#stop + 1, Home: 0, End: last };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#dots[Math.max(0, Math.min(last, next))]?.button.focus();
  }

  #stopAt(index: number): void {
    if (index < 0) return;
    this.#dots[this.#stop]?.button.setAttribute("tabindex", "-1");
    this.#stop = index;
    this.#dots[index]!.button.setAttribute("tabindex", "0");
  }
}
