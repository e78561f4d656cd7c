/** The bar itself: a slider over the whole replay, with the stretches that are explained and the moments of the card. */

import type { Highlight, KandianController } from "../core";
import { drawing, make, setAttributes } from "../page/elements";
import { spoken } from "../page/format";
import type { Language, Words } from "../page/words";

const STEP_S = 5;
const LEAP_S = 60;
/** While a thumb is dragged the picture follows at most this often. */
const FOLLOW_MS = 120;
/** The field on which stretches are drawn; it is stretched to the track. */
const FIELD = 10_000;

export class Slider {
  readonly #stretches = make("div", { class: "stretches" });
  readonly #played = make("div", { class: "played" });
  readonly #marks = make("div", { class: "marks" });
  readonly #thumb = make("div", { class: "thumb" });
  readonly #track = make("div", { class: "track" }, this.#stretches, this.#played, this.#marks, this.#thumb);
  readonly element = make("div", { class: "slider", role: "slider", tabindex: 0, "aria-valuemin": 0 }, this.#track);
  #dragged: number | null = null;
  #followed = 0;
  #moved = "";
  #marked: string | null = null;

  constructor(readonly controller: KandianController) {
    this.element.addEventListener("pointerdown", (event) => this.#grab(event));
    this.element.addEventListener("pointermove", (event) => this.#drag(event));
    for (const type of ["pointerup", "pointercancel"] as const) this.element.addEventListener(type, () => this.#drop());
    this.element.addEventListener("keydown", (event) => this.#press(event));
  }

  get isDragged(): boolean {
    return this.#dragged !== null;
  }

  /** Draw what stays while the show does. */
  draw(words: Words): void {
    const { show, duration } = this.controller;
    const place = (time: number) => ((Math.min(Math.max(0, time), duration) / duration) * FIELD).toFixed(1);
    const path = (show?.highlights ?? []).map((each) => `M${place(each.start)} 0H${place(each.end)}V1H${place(each.start)}Z`).join("");
    const picture = drawing(path, `0 0 ${FIELD} 1`);
    picture.setAttribute("preserveAspectRatio", "none");
    this.#stretches.replaceChildren(picture);
    setAttributes(this.element, { "aria-label": words.timeline });
  }

  /** Show where we are. */
  move(words: Words, language: Language): void {
    const { duration } = this.controller;
    if (!duration) return;
    const time = this.#dragged ?? Math.min(this.controller.time, duration);
    const moved = `${time} ${duration} ${language} ${this.controller.current?.id}`;
    if (moved === this.#moved) return;
    this.#moved = moved;
    this.#track.style.setProperty("--at", `${(time / duration) * 100}%`);
    const here = words.of(spoken(time, language), spoken(duration, language));
    const explained = this.controller.current;
    const valueText = explained ? `${here}. ${words.explaining(explained.title)}` : here;
    if (this.element.getAttribute("aria-valuetext") !== valueText)
      setAttributes(this.element, { "aria-valuetext": valueText, "aria-valuenow": Math.floor(time), "aria-valuemax": Math.floor(duration) });
  }

  /** The moments of the highlight on the card, as small marks. Its card has them as buttons. */
  mark(highlight: Highlight | null): void {
    const show = this.controller.show;
    if ((highlight?.id ?? null) === this.#marked || !show) return;
    this.#marked = highlight?.id ?? null;
    const marks = (highlight?.moments ?? []).map((moment) => {
      const mark = make("i", { class: "moment" });
      mark.style.left = `${(moment.at / show.duration) * 100}%`;
      return mark;
    });
    this.#marks.replaceChildren(...marks);
  }

  /** The time under a pointer. */
  timeAt(clientX: number): number {
    const { left, width } = this.#track.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - left) / width)) * this.controller.duration;
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    this.#dragged = this.timeAt(event.clientX);
    this.controller.seek(this.#dragged);
  }

  #drag(event: PointerEvent): void {
    if (this.#dragged === null) return;
    this.#dragged = this.timeAt(event.clientX);
    if (event.timeStamp - this.#followed < FOLLOW_MS) return;
    this.#followed = event.timeStamp;
    this.controller.seek(this.#dragged);
  }

  #drop(): void {
    if (this.#dragged !== null) this.controller.seek(this.#dragged);
    this.#dragged = null;
  }

  #press(event: KeyboardEvent): void {
    const { time, duration } = this.controller;
    const places: Record<string, number> = {
      ArrowLeft: time - STEP_S,
      ArrowDown: time - STEP_S,
      ArrowRight: time + STEP_S,
      ArrowUp: time + STEP_S,
      PageDown: time - LEAP_S,
      PageUp: time + LEAP_S,
      Home: 0,
      End: duration,
    };
    const place = places[event.key];
    if (place === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.controller.seek(place);
  }
}
