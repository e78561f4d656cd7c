/** Making elements. Strings become text and attributes, never markup; styles come from sheets, never from attributes. */

export type Attributes = Readonly<Record<string, string | number | boolean | null>>;
export type Child = Node | string | null | false;

/** An element. `true` sets an empty attribute; `false` and `null` leave it out. */
export function make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  fill(element, ...children);
  return element;
}

/** Put children at the end of an element; those that are null or false are left out. */
export function fill(element: Element, ...children: Child[]): void {
  element.append(...children.filter((child): child is Node | string => child !== null && child !== false));
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : `${value}`);
  }
}

/** An image that goes away if it does not load. `address` has been found safe. */
export function picture(address: string, className: string): HTMLImageElement {
  const image = make("img", { class: className, src: address, alt: "", decoding: "async", referrerpolicy: "no-referrer" });
  image.addEventListener("error", () => image.remove(), { once: true });
  return image;
}

const SVG = "http://www.w3.org/2000/svg";

/** A drawing of one path, said by nobody. */
export function drawing(path: string, viewBox = "0 0 24 24"): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  setAttributes(svg, { viewBox, "aria-hidden": "true", focusable: "false" });
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

/** One sheet for all elements of a kind; constructable sheets pass the strictest style-src. */
export function sheet(...styles: string[]): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(styles.join("\n"));
  return made;
}

/** Make `tag` known, once a page, however often the module is loaded. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
