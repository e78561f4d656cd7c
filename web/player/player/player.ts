/**
 * <kandian-player highlights="highlights.json">: a whole player for a replay and its highlights.
 *
 * highlights   the address of highlights.json
 * src          the replay (MP4 or HLS); what highlights.json names if not said
 * poster       a picture until it plays
 * transcript, thumbnails   their addresses; beside highlights.json if not said; "none" for none
 * engine       "native" or "hls.js" to insist on how HLS is played
 * no-deep-links, no-list, no-auto-card, show-confidence, lang, theme="light|dark"
 *
 * Tells kandian:load, enter, leave, select, jump, scrub-back and error as events that bubble.
 */

import { type Cue, KandianController, type TakeChoice, readCues, readDeepLink } from "../core";
import type { Detach } from "../core/contract";
import { covering } from "../core/webvtt";
import { make, drawing, setAttributes, sheet } from "../page/elements";
import { PLAY } from "../page/icons";
import theme from "../page/theme.css";
import { WORDS, type Words, languageFor } from "../page/words";
import { KandianTimeline } from "../timeline";
import { Chapters } from "./chapters";
import { Controls, type Switches } from "./controls";
import style from "./player.css";
import { type Engine, attachSource } from "./source";

const SHEET = sheet(theme, style);
/** Controls over a playing picture leave after this long without a pointer. */
const IDLE_MS = 2800;
const SKIP_S = 10;
/** Narrower than this the controls stand under the picture, as player.css says, and stay. */
const LEAST_OVERLAY_PX = 560;

export class KandianPlayer extends HTMLElement {
  static readonly observedAttributes = ["highlights", "src", "lang", "poster", "no-auto-card", "show-confidence", "theme"];

  readonly video = make("video", { playsinline: true, preload: "metadata" });
  readonly controller = new KandianController();
  readonly #timeline = new KandianTimeline();
  readonly #controls = new Controls(this.video, this.controller, {
    toggleCaptions: () => this.#set({ areCaptionsOn: !this.#switches.areCaptionsOn }),
    toggleList: () => this.#set({ isListOpen: !this.#switches.isListOpen }),
    toggleFullscreen: () => this.#toggleFullscreen(),
  });
  readonly #chapters = new Chapters(this.controller, (isOn) => this.toggleAttribute("no-auto-card", !isOn));
  readonly #caption = make("p", { class: "caption", hidden: true });
  readonly #message = make("p", { class: "message", role: "alert", hidden: true });
  readonly #start = make("button", { type: "button", class: "start" }, drawing(PLAY));
  readonly #screen = make("div", { class: "screen" }, this.video, this.#start, this.#message, this.#caption);
  readonly #stage = make("div", { class: "stage" }, this.#screen, make("div", { class: "panel" }, this.#timeline, this.#controls.element));
  #switches: Switches = { hasCaptions: false, areCaptionsOn: false, isListOpen: true, isFullscreen: false };
  #cues: readonly Cue[] = [];
  #said: Cue | null = null;
  #detach: Detach = () => undefined;
  #asked = "";
  #listing = 0;
  /** The press on the picture has done its work: its click is not for play. */
  #isSpent = false;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #abort = new AbortController();

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [SHEET];
    root.append(make("div", { class: "player" }, this.#stage, this.#chapters.element));
    this.controller.attach(this.video);
    this.#timeline.controller = this.controller;
    this.#listenToVideo();
  }

  connectedCallback(): void {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#set({ isListOpen: !this.hasAttribute("no-list") });
    this.#list();
    this.#load();
    addEventListener("hashchange", () => this.#followLink(), { signal });
    document.addEventListener("fullscreenchange", () => this.#set({ isFullscreen: document.fullscreenElement === this }), { signal });
  }

  disconnectedCallback(): void {
    this.#abort.abort();
    this.#detach();
    this.#detach = () => undefined;
    this.#asked = "";
  }

  attributeChangedCallback(name: string, _before: string | null, value: string | null): void {
    if (["lang", "no-auto-card", "show-confidence", "theme"].includes(name)) setAttributes(this.#timeline, { [name]: value });
    if (name === "poster") setAttributes(this.video, { poster: value });
    if (!this.isConnected) return;
    if (name === "highlights" || name === "src") this.#load();
    if (name === "lang") this.#list();
    this.#draw();
  }

  /** Go to where a product is explained and play; null if it is not. */
  seekToProduct(productId: string, options: { take?: TakeChoice } = {}) {
    return this.controller.seekToProduct(productId, options);
  }

  get #language() {
    return languageFor(this, this.controller.show?.language);
  }

  get #words(): Words {
    return WORDS[this.#language];
  }

  #load(): void {
    const asked = `${this.getAttribute("highlights")} ${this.getAttribute("src")}`;
    if (asked === this.#asked) return;
    this.#asked = asked;
    void this.#open(asked);
  }

  async #open(asked: string): Promise<void> {
    const src = this.getAttribute("src");
    if (src) void this.#play(new URL(src, document.baseURI).href);
    const highlights = this.getAttribute("highlights");
    if (!highlights) return this.#draw();
    try {
      const show = await this.controller.load(highlights);
      if (asked !== this.#asked) return;
      this.#loadBeside(show.base);
      if (!src && show.replay) void this.#play(show.replay);
    } catch (error) {
      this.#fail(error, this.#words.unreadable);
    }
  }

  async #play(address: string): Promise<void> {
    this.#detach();
    if (new URL(address).origin !== location.origin) this.video.crossOrigin = "anonymous";
    const engine = (this.getAttribute("engine") ?? "auto") as Engine;
    const fail = (error: unknown) => this.#fail(error, this.#words.unplayable);
    const asked = this.#asked;
    try {
      const detach = await attachSource(this.video, address, engine, fail);
      if (asked === this.#asked) this.#detach = detach;
      else detach();
    } catch (error) {
      fail(error); // the chunk with hls.js did not come
    }
  }

  /** The transcript and the pictures; a replay is watchable without, so what is missing is left out. */
  #loadBeside(base: string): void {
    const thumbnails = this.getAttribute("thumbnails") ?? new URL("thumbnails.vtt", base).href;
    setAttributes(this.#timeline, { thumbnails });
    const transcript = this.getAttribute("transcript") ?? new URL("transcript.vtt", base).href;
    if (transcript !== "none") void this.#loadTranscript(transcript);
  }

  async #loadTranscript(address: string): Promise<void> {
    const answer = await fetch(address).catch(() => null);
    this.#cues = answer?.ok ? readCues(await answer.text()) : [];
    // iPhones play full screen in a player of their own, which knows only tracks.
    if (this.#cues.length) this.video.replaceChildren(make("track", { kind: "captions", src: address, srclang: this.#language }));
    this.#set({ hasCaptions: this.#cues.length > 0 });
    this.#list();
  }

  #fail(error: unknown, message: string): void {
    this.#message.textContent = message;
    this.#message.hidden = false;
    this.#start.hidden = true;
    this.dispatchEvent(new CustomEvent("kandian:error", { detail: { error }, bubbles: true, composed: true }));
  }

  #followLink(): void {
    const link = this.hasAttribute("no-deep-links") ? null : readDeepLink(location.href);
    if (!link) return;
    if (link.kind === "time") this.controller.seek(link.at);
    if (link.kind === "highlight") this.controller.jump(link.id, "link");
    if (link.kind === "product") this.controller.seekToProduct(link.id, { by: "link" });
  }

  #listenToVideo(): void {
    const { video } = this;
    for (const type of ["play", "pause", "volumechange", "ratechange", "loadedmetadata", "ended"]) video.addEventListener(type, () => this.#draw());
    video.addEventListener("resize", () => this.#shape());
    video.addEventListener("timeupdate", () => this.#tick());
    video.addEventListener("playing", () => (this.#message.hidden = true));
    for (const type of ["waiting", "seeking", "playing", "canplay", "seeked"])
      video.addEventListener(type, () => this.#stage.classList.toggle("waiting", video.readyState < 3 && !video.paused));
    video.addEventListener("click", () => this.#isSpent || this.#controls.togglePlay());
    video.addEventListener("webkitbeginfullscreen", () => this.#showTrack(true));
    video.addEventListener("webkitendfullscreen", () => this.#showTrack(false));
    this.#start.addEventListener("click", () => this.#controls.togglePlay());
    for (const type of ["load", "enter", "leave"]) this.controller.addEventListener(type, () => this.#mark(type));
    // A press on the picture first puts a picked card away; a thumb on a bare picture asks for the controls first.
    const notice = (event: PointerEvent) => (this.#isSpent = this.#timeline.isOpen || (event.pointerType === "touch" && this.#stage.matches(".idle")));
    this.#stage.addEventListener("pointerdown", notice, { capture: true });
    for (const type of ["pointermove", "pointerdown", "focusin", "keydown"]) this.#stage.addEventListener(type, () => this.#wake());
    this.controller.addEventListener("card", () => setAttributes(this.#stage, { "data-card": this.controller.card?.why ?? null }));
    this.#stage.addEventListener("pointerleave", () => this.#rest());
    this.shadowRoot!.addEventListener("keydown", (event) => this.#press(event as KeyboardEvent));
  }

  #mark(type: string): void {
    if (type === "load") {
      this.#list();
      this.#followLink();
    }
    this.#chapters.mark();
    this.#draw();
  }

  /** Fill the list, after the dots have been painted: it is long, and nobody reads it first. */
  #list(): void {
    cancelAnimationFrame(this.#listing);
    this.#listing = requestAnimationFrame(() => setTimeout(() => this.#chapters.draw(this.#words, this.#language, this.#cues)));
  }

  #set(changes: Partial<Switches>): void {
    this.#switches = { ...this.#switches, ...changes };
    this.#draw();
  }

  #draw(): void {
    const words = this.#words;
    this.#controls.draw(words, this.#switches);
    this.#chapters.element.hidden = !this.#switches.isListOpen;
    this.#start.hidden = !this.video.paused || !this.#message.hidden;
    setAttributes(this.#start, { "aria-label": words.play });
    setAttributes(this.#stage.parentElement!, { role: "region", "aria-label": words.player, lang: this.#language });
    this.#wake();
    this.#tick();
  }

  #tick(): void {
    this.#controls.tick();
    const cue = this.#switches.areCaptionsOn ? covering(this.#cues, this.video.currentTime) : null;
    if (cue === this.#said) return;
    this.#said = cue;
    this.#caption.hidden = !cue;
    this.#caption.textContent = cue?.text ?? "";
  }

  /** The picture's shape decides how high the screen is: most live rooms are filmed upright. */
  #shape(): void {
    const { videoWidth, videoHeight } = this.video;
    if (videoWidth && videoHeight) this.#screen.style.aspectRatio = `${videoWidth} / ${videoHeight}`;
  }

  #wake(): void {
    clearTimeout(this.#idle);
    this.#stage.classList.remove("idle");
    this.#timeline.removeAttribute("idle");
    if (!this.video.paused) this.#idle = setTimeout(() => this.#rest(), IDLE_MS);
  }

  #rest(): void {
    const isUsed = this.#stage.matches(":has(:focus-visible)") || this.controller.card?.why === "selected";
    if (this.video.paused || isUsed || this.#stage.clientWidth < LEAST_OVERLAY_PX) return;
    this.#stage.classList.add("idle");
    this.#timeline.setAttribute("idle", "");
  }

  #showTrack(isShown: boolean): void {
    const track = this.video.textTracks[0];
    if (track) track.mode = isShown && this.#switches.areCaptionsOn ? "showing" : "disabled";
  }

  #toggleFullscreen(): void {
    const video = this.video as HTMLVideoElement & { webkitEnterFullscreen?: () => void };
    if (document.fullscreenElement) void document.exitFullscreen();
    else if (document.fullscreenEnabled) this.requestFullscreen().catch(() => undefined);
    else video.webkitEnterFullscreen?.();
  }

  #press(event: KeyboardEvent): void {
    const target = event.composedPath()[0] as HTMLElement;
    const isTyping = target.matches("input, select, textarea");
    const isPressing = event.key === " " && target.matches("button, a");
    if (isTyping || isPressing || event.altKey || event.ctrlKey || event.metaKey) return;
    const { video, controller } = this;
    const deeds: Record<string, () => unknown> = {
      " ": () => this.#controls.togglePlay(),
      k: () => this.#controls.togglePlay(),
      j: () => controller.seek(video.currentTime - SKIP_S),
      l: () => controller.seek(video.currentTime + SKIP_S),
      m: () => (video.muted = !video.muted),
      f: () => this.#toggleFullscreen(),
      c: () => this.#set({ areCaptionsOn: !this.#switches.areCaptionsOn }),
      n: () => controller.step(1, "key"),
      p: () => controller.step(-1, "key"),
    };
    const deed = deeds[event.key.toLowerCase()];
    if (!deed) return;
    event.preventDefault();
    deed();
  }
}
