/** The list of all highlights, by time or by product, with a search over titles and what was said. */

import { type Cue, type Highlight, type Hit, type KandianController, search } from "../core";
import { photo, priceView } from "../page/card";
import { type Child, drawing, fill, make, setAttributes } from "../page/elements";
import { clock } from "../page/format";
import { SEARCH } from "../page/icons";
import type { Language, Words } from "../page/words";

/** So many lines of speech are listed at most: a search for one letter finds them all. */
const MOST_SAID = 100;

export class Chapters {
  readonly #field = make("input", { type: "search", class: "field", autocomplete: "off", spellcheck: "false", enterkeyhint: "search" });
  readonly #title = make("h2", {});
  readonly #byTime = make("button", { type: "button" });
  readonly #byProduct = make("button", { type: "button" });
  readonly #order = make("div", { class: "order", role: "group" }, this.#byTime, this.#byProduct);
  readonly #auto = make("input", { type: "checkbox", role: "switch", class: "switch" });
  readonly #autoName = make("span", {});
  readonly #list = make("ul", { class: "list" });
  readonly #found = make("p", { class: "found", role: "status" });
  readonly element = make(
    "section",
    { class: "chapters" },
    make("header", {}, this.#title, this.#order),
    make("label", { class: "search" }, drawing(SEARCH), this.#field),
    this.#found,
    this.#list,
    make("label", { class: "auto" }, this.#auto, this.#autoName),
  );
  #isByProduct = false;
  #cues: readonly Cue[] = [];
  #words!: Words;
  #language: Language = "zh";

  constructor(
    readonly controller: KandianController,
    readonly setAutomatic: (isOn: boolean) => void,
  ) {
    this.#field.addEventListener("input", () => this.#fill());
    this.#byTime.addEventListener("click", () => this.#arrange(false));
    this.#byProduct.addEventListener("click", () => this.#arrange(true));
    this.#auto.addEventListener("change", () => setAutomatic(this.#auto.checked));
  }

  draw(words: Words, language: Language, cues: readonly Cue[]): void {
    [this.#words, this.#language, this.#cues] = [words, language, cues];
    this.#title.textContent = words.highlights;
    this.#byTime.textContent = words.byTime;
    this.#byProduct.textContent = words.byProduct;
    this.#autoName.textContent = words.autoCard;
    setAttributes(this.element, { "aria-label": words.list });
    setAttributes(this.#order, { "aria-label": words.order });
    setAttributes(this.#field, { placeholder: words.search, "aria-label": words.search });
    this.#fill();
  }

  /** Show what is playing, and bring it into view without moving the page. */
  mark(): void {
    this.#auto.checked = this.controller.isCardAutomatic;
    const id = this.controller.current?.id;
    for (const entry of this.#list.querySelectorAll<HTMLElement>("[data-id]"))
      setAttributes(entry, { "aria-current": entry.dataset.id === id ? "true" : null });
    const here = this.#list.querySelector<HTMLElement>("[aria-current]");
    if (!here || this.#field.value || this.element.matches(":focus-within, :hover")) return;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const below = here.getBoundingClientRect().top - this.#list.getBoundingClientRect().top;
    this.#list.scrollBy({ top: below - this.#list.clientHeight / 3, behavior: isCalm ? "auto" : "smooth" });
  }

  #arrange(isByProduct: boolean): void {
    this.#isByProduct = isByProduct;
    this.#fill();
  }

  #fill(): void {
    const { show } = this.controller;
    setAttributes(this.#byTime, { "aria-pressed": `${!this.#isByProduct}` });
    setAttributes(this.#byProduct, { "aria-pressed": `${this.#isByProduct}` });
    const query = this.#field.value;
    const hits = show ? search(show, this.#cues, query) : [];
    const none = show?.highlights.length ? this.#words.nothing : this.#words.empty;
    this.#found.textContent = !show ? "" : !hits.length ? none : query.trim() ? this.#words.found(hits.length) : "";
    this.#list.replaceChildren();
    if (this.#isByProduct && !query.trim()) fill(this.#list, ...this.#groups());
    else fill(this.#list, ...this.#lines(hits));
    this.#list.scrollTop = 0;
    this.mark();
  }

  #lines(hits: readonly Hit[]): Child[] {
    const entries = hits.flatMap((hit) => (hit.kind === "highlight" ? [this.#entry(hit.highlight)] : []));
    const said = hits.flatMap((hit) => (hit.kind === "said" ? [this.#saying(hit.at, hit.text)] : []));
    return [...entries, said.length > 0 && make("li", { class: "heading" }, this.#words.said), ...said.slice(0, MOST_SAID)];
  }

  #entry(highlight: Highlight): HTMLElement {
    const product = highlight.products[0];
    const address = highlight.thumbnail ?? product?.image ?? null;
    const count = product ? this.controller.show!.takesOf(product.id).length : 1;
    const look = { words: this.#words, language: this.#language, hasConfidence: false };
    const button = make(
      "button",
      { type: "button", class: "chapter", "data-id": highlight.id },
      photo(highlight.title, address),
      make(
        "span",
        { class: "text" },
        make("span", { class: "title" }, highlight.title),
        make("span", { class: "kicker" }, make("time", {}, clock(highlight.seek)), count > 1 && make("span", {}, this.#words.take(highlight.take, count))),
      ),
      product ? priceView(product, look) : null,
    );
    button.addEventListener("click", () => this.controller.jump(highlight.id, "list"));
    return make("li", {}, button);
  }

  #saying(at: number, text: string): HTMLElement {
    const button = make("button", { type: "button", class: "saying" }, make("time", {}, clock(at)), make("span", {}, text));
    button.addEventListener("click", () => this.controller.seek(at));
    return make("li", {}, button);
  }

  #groups(): Child[] {
    const show = this.controller.show!;
    const ids = new Set(show.highlights.flatMap((each) => each.products[0]?.id ?? []));
    return [...ids].map((id) => {
      const takes = show.takesOf(id);
      const product = show.products.get(id)!;
      const address = product.image ?? takes[0]?.thumbnail ?? null;
      const look = { words: this.#words, language: this.#language, hasConfidence: false };
      const chips = takes.map((take) => {
        const best = takes.length > 1 && take.isBest && make("em", {}, this.#words.best);
        const chip = make("button", { type: "button", class: "chip", "data-id": take.id }, clock(take.seek), best || "");
        chip.addEventListener("click", () => this.controller.jump(take.id, "list"));
        return make("li", {}, chip);
      });
      return make(
        "li",
        { class: "product" },
        photo(product.name, address),
        make("div", { class: "text" }, make("span", { class: "title" }, product.name), priceView(product, look), make("ul", { class: "chips", "aria-label": this.#words.takes(takes.length) }, ...chips)),
      );
    });
  }
}
