/** The row of controls under the bar. Each is a native control with a name; what a browser cannot do is not offered. */

import type { KandianController } from "../core";
import { drawing, make, setAttributes } from "../page/elements";
import { clock } from "../page/format";
import { CAPTIONS, FULL, LIST, NEXT, PAUSE, PIP, PLAY, PREVIOUS, SILENT, SMALL, SOUND } from "../page/icons";
import type { Words } from "../page/words";

const RATES = [0.75, 1, 1.25, 1.5, 2, 3];

export interface Deeds {
  toggleCaptions(): void;
  toggleList(): void;
  toggleFullscreen(): void;
}

/** What can be switched, and how it stands. */
export interface Switches {
  readonly hasCaptions: boolean;
  readonly areCaptionsOn: boolean;
  readonly isListOpen: boolean;
  readonly isFullscreen: boolean;
}

export class Controls {
  readonly #play = this.#button("play", () => this.togglePlay());
  readonly #previous = this.#button("step", () => void this.controller.step(-1, "key"));
  readonly #next = this.#button("step", () => void this.controller.step(1, "key"));
  readonly #mute = this.#button("mute", () => (this.video.muted = !this.video.muted));
  readonly #captions = this.#button("captions", () => this.deeds.toggleCaptions());
  readonly #pip = this.#button("pip", () => this.#togglePip());
  readonly #list = this.#button("to-list", () => this.deeds.toggleList());
  readonly #full = this.#button("to-full", () => this.deeds.toggleFullscreen());
  readonly #volume = make("input", { class: "volume", type: "range", min: 0, max: 1, step: 0.05 });
  readonly #rate = make("select", { class: "rate" }, ...RATES.map((rate) => make("option", { value: rate }, `${rate}×`)));
  readonly #here = make("span", {});
  readonly #all = make("span", { class: "all" });
  readonly #time = make("span", { class: "clock" }, this.#here, this.#all);
  readonly #now = make("span", { class: "now", "aria-hidden": "true" });
  readonly element = make(
    "div",
    { class: "row", role: "group" },
    this.#play, this.#previous, this.#next, this.#mute, this.#volume, this.#time, this.#now,
    this.#captions, this.#rate, this.#pip, this.#list, this.#full,
  );

  constructor(
    readonly video: HTMLVideoElement,
    readonly controller: KandianController,
    readonly deeds: Deeds,
  ) {
    this.#volume.addEventListener("input", () => {
      video.volume = this.#volume.valueAsNumber;
      video.muted = false;
    });
    this.#rate.addEventListener("change", () => (video.playbackRate = Number(this.#rate.value)));
    this.#rate.value = "1";
  }

  togglePlay(): void {
    if (this.video.paused) this.video.play().catch(() => undefined);
    else this.video.pause();
  }

  /** Show how everything stands. */
  draw(words: Words, switches: Switches): void {
    const { video } = this;
    face(this.#play, video.paused ? PLAY : PAUSE, video.paused ? words.play : words.pause);
    face(this.#previous, PREVIOUS, words.previous);
    face(this.#next, NEXT, words.next);
    const isSilent = video.muted || video.volume === 0;
    face(this.#mute, isSilent ? SILENT : SOUND, isSilent ? words.unmute : words.mute);
    face(this.#captions, CAPTIONS, words.captions, switches.areCaptionsOn);
    face(this.#pip, PIP, words.pip);
    face(this.#list, LIST, words.list);
    face(this.#full, switches.isFullscreen ? SMALL : FULL, switches.isFullscreen ? words.leaveFullscreen : words.fullscreen);
    setAttributes(this.#list, { "aria-expanded": `${switches.isListOpen}` });
    setAttributes(this.#volume, { "aria-label": words.volume });
    setAttributes(this.#rate, { "aria-label": words.rate });
    setAttributes(this.element, { "aria-label": words.player });
    this.#volume.value = `${video.muted ? 0 : video.volume}`;
    if (RATES.includes(video.playbackRate)) this.#rate.value = `${video.playbackRate}`;
    this.#captions.hidden = !switches.hasCaptions;
    this.#pip.hidden = !document.pictureInPictureEnabled;
    const count = this.controller.show?.highlights.length ?? 0;
    this.#previous.hidden = this.#next.hidden = count === 0;
    this.#now.textContent = this.controller.current?.title ?? "";
    this.tick();
  }

  /** Show the time. */
  tick(): void {
    this.#here.textContent = clock(this.controller.time);
    this.#all.textContent = ` / ${clock(this.controller.duration)}`;
  }

  #button(name: string, press: () => void): HTMLButtonElement {
    const button = make("button", { type: "button", class: `control ${name}` });
    button.addEventListener("click", press);
    return button;
  }

  #togglePip(): void {
    const change = document.pictureInPictureElement ? document.exitPictureInPicture() : this.video.requestPictureInPicture();
    change.catch(() => undefined); // the browser may refuse, and says so itself
  }
}

function face(button: HTMLButtonElement, path: string, name: string, isPressed?: boolean): void {
  if (button.dataset.face !== path) button.replaceChildren(drawing(path));
  button.dataset.face = path;
  setAttributes(button, { "aria-label": name, title: name, "aria-pressed": isPressed === undefined ? null : `${isPressed}` });
}
