/** What lies under the pointer: the time, a picture from the sprite sheets, and which product is explained there. */

import { type Highlight, type Picture, readPictures } from "../core";
import { make } from "../page/elements";
import { clock } from "../page/format";
import { covering } from "../core/webvtt";

/** Pictures are shown at most this large. */
const LARGEST_PX = 132;

export class Preview {
  readonly #image = make("img", { alt: "" });
  readonly #window = make("div", { class: "window", hidden: true }, this.#image);
  readonly #title = make("span", { class: "name" });
  readonly #time = make("span", { class: "time" });
  readonly element = make("div", { class: "preview", hidden: true, "aria-hidden": "true" }, this.#window, this.#title, this.#time);
  #pictures: readonly Picture[] = [];

  /** Take the pictures from a thumbnails.vtt. Without one there are none; a replay needs none. */
  async load(address: string): Promise<void> {
    this.#pictures = [];
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) this.#pictures = readPictures(await answer.text(), answer.url || address);
  }

  show(time: number, x: number, width: number, highlights: readonly Highlight[]): void {
    this.element.hidden = false;
    const [first, ...more] = highlights;
    this.#title.textContent = first ? first.title + (more.length ? ` +${more.length}` : "") : "";
    this.#time.textContent = clock(time);
    this.#draw(covering(this.#pictures, time));
    const half = this.element.offsetWidth / 2;
    this.element.style.left = `${Math.max(half, Math.min(width - half, x))}px`;
  }

  hide(): void {
    this.element.hidden = true;
  }

  #draw(picture: Picture | null): void {
    this.#window.hidden = !picture;
    if (!picture) return;
    const scale = Math.min(1, LARGEST_PX / Math.max(picture.width, picture.height));
    const set = (element: HTMLElement, name: string, px: number) => element.style.setProperty(name, `${px * scale}px`);
    if (this.#image.src !== picture.address) this.#image.src = picture.address;
    set(this.#window, "width", picture.width);
    set(this.#window, "height", picture.height);
    this.#image.style.transform = `scale(${scale}) translate(${-picture.x}px, ${-picture.y}px)`;
  }
}
