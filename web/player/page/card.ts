/** The card of a highlight: which product, its price at the show, where else it is explained, and where to buy it. */

import type { Card, Highlight, KandianController, Product } from "../core";
import { type Child, drawing, fill, make, picture } from "./elements";
import { clock, price } from "./format";
import { CLOSE, PLAY } from "./icons";
import type { Language, Words } from "./words";

export interface CardLook {
  readonly words: Words;
  readonly language: Language;
  readonly hasConfidence: boolean;
}

/** What is shown of a card. A selected one tells all; that of the current highlight is small and keeps out of the way. */
export function cardView(card: Card, controller: KandianController, look: CardLook): HTMLElement {
  const { highlight, why } = card;
  const view = make("div", { class: `card ${why}`, role: "dialog", "aria-label": highlight.title, "data-id": highlight.id });
  if (why === "current") fill(view, ...smallCard(highlight, controller, look));
  else fill(view, ...fullCard(highlight, controller, look));
  fill(view, closing(controller, look.words));
  return view;
}

/** A price marked as that of the show, and what it was before. */
export function priceView(product: Product, { words, language }: CardLook): HTMLElement | null {
  if (product.price === null) return null;
  const was = product.listPrice !== null && product.listPrice > product.price ? product.listPrice : null;
  return make(
    "span",
    { class: "price", title: words.priceNote },
    make("span", { class: "tag" }, words.priceAtShow),
    make("strong", {}, price(product.price, product.currency, language)),
    was !== null && make("s", { "aria-label": `${words.listPrice} ${price(was, product.currency, language)}` }, price(was, product.currency, language)),
  );
}

function smallCard(highlight: Highlight, controller: KandianController, look: CardLook): Child[] {
  const [product] = highlight.products;
  const open = make(
    "button",
    { class: "open", type: "button", title: look.words.details },
    photoOf(highlight),
    make(
      "span",
      { class: "text" },
      make("span", { class: "kicker" }, make("i", { class: "pulse" }), look.words.nowExplaining),
      make("span", { class: "title" }, highlight.title),
      product ? priceView(product, look) : null,
    ),
  );
  open.addEventListener("click", () => controller.select(highlight.id, "card"));
  return [open];
}

function fullCard(highlight: Highlight, controller: KandianController, look: CardLook): Child[] {
  const [product, ...others] = highlight.products;
  const { words } = look;
  return [
    make(
      "div",
      { class: "about" },
      photoOf(highlight),
      make(
        "div",
        { class: "text" },
        make("p", { class: "kicker" }, ...facts(highlight, controller, look)),
        make("p", { class: "title" }, highlight.title),
        product && product.title !== highlight.title ? make("p", { class: "full" }, product.title) : null,
        product ? priceView(product, look) : null,
      ),
    ),
    others.length > 0 && make("p", { class: "also" }, `${words.also} ${others.map((each) => each.name).join(" · ")}`),
    momentList(highlight, controller, words),
    takeList(highlight, controller, words),
    make("div", { class: "deeds" }, jumping(highlight, controller, words), ...outside(product, words)),
  ];
}

function facts(highlight: Highlight, controller: KandianController, { words, hasConfidence }: CardLook): Child[] {
  const [product] = highlight.products;
  const count = product ? (controller.show?.takesOf(product.id).length ?? 1) : 1;
  const said = [
    product?.linkNo != null ? words.link(product.linkNo) : "",
    `${clock(highlight.start)} – ${clock(highlight.end)}`,
    count > 1 ? words.take(highlight.take, count) : "",
    hasConfidence && words.confidence(percent(highlight.productConfidence), percent(highlight.startConfidence)),
  ];
  return said.filter(Boolean).map((each) => make("span", {}, each));
}

function percent(chance: number): string {
  return `${Math.round(chance * 100)}%`;
}

/** A picture, over the first letter of the name for when there is none. */
export function photo(name: string, address: string | null): HTMLElement {
  return make("span", { class: "photo", "data-letter": [...name][0] ?? "" }, address && picture(address, "fill"));
}

function photoOf(highlight: Highlight): HTMLElement {
  return photo(highlight.title, highlight.products[0]?.image ?? highlight.thumbnail);
}

function jumping(highlight: Highlight, controller: KandianController, words: Words): HTMLElement {
  const isHere = controller.current?.id === highlight.id;
  const button = make("button", { class: "jump", type: "button" }, drawing(PLAY), isHere ? words.replay : words.jump);
  button.addEventListener("click", () => controller.jump(highlight.id, "card"));
  return button;
}

function outside(product: Product | undefined, words: Words): Child[] {
  const link = (address: string | null | undefined, text: string) =>
    address ? make("a", { class: "link", href: address, target: "_blank", rel: "noopener noreferrer" }, text) : null;
  return [link(product?.url, words.productPage), link(product?.serviceUrl, words.service)];
}

function momentList(highlight: Highlight, controller: KandianController, words: Words): Child {
  if (!highlight.moments.length) return null;
  const entries = highlight.moments.map((moment) => {
    const kind = Object.hasOwn(words.kinds, moment.kind) ? words.kinds[moment.kind] : moment.kind;
    const button = make("button", { class: "chip", type: "button", title: moment.quote }, kind, make("time", {}, clock(moment.at)));
    button.addEventListener("click", () => controller.jumpToMoment(highlight.id, moment.at));
    return make("li", {}, button);
  });
  return make("ul", { class: "chips", "aria-label": words.moments }, ...entries);
}

function takeList(highlight: Highlight, controller: KandianController, words: Words): Child {
  const product = highlight.products[0];
  const others = product ? controller.show!.takesOf(product.id).filter((each) => each.id !== highlight.id) : [];
  if (!others.length) return null;
  const entries = others.map((take) => {
    const button = make("button", { class: "chip take", type: "button" }, clock(take.seek), take.isBest ? make("em", {}, words.best) : null);
    button.addEventListener("click", () => controller.select(take.id, "card"));
    return make("li", {}, button);
  });
  return make("div", { class: "takes" }, make("span", {}, words.otherTakes), make("ul", { class: "chips" }, ...entries));
}

function closing(controller: KandianController, words: Words): HTMLElement {
  const button = make("button", { class: "close", type: "button", "aria-label": words.close }, drawing(CLOSE));
  button.addEventListener("click", () => controller.dismiss());
  return button;
}
