/** What the core needs of a player, and what it tells the page. */

import type { Highlight } from "./show";

export type MediaEvent =
  | "timeupdate" | "play" | "playing" | "pause" | "ratechange" | "seeking" | "seeked" | "ended" | "loadedmetadata" | "durationchange";

/** A clock that can be moved. Every HTMLMediaElement is one; of any other player a few lines make one. */
export interface Media {
  /** Seconds. */
  currentTime: number;
  /** Seconds; NaN until known. */
  readonly duration: number;
  readonly paused: boolean;
  readonly seeking?: boolean;
  readonly playbackRate?: number;
  /** 0 while a move of currentTime would be lost. */
  readonly readyState?: number;
  play?(): unknown;
  pause?(): void;
  addEventListener(type: MediaEvent, listener: () => void, options?: AddEventListenerOptions): void;
  requestVideoFrameCallback?(look: () => void): number;
  cancelVideoFrameCallback?(handle: number): void;
}

/** Takes what was attached to a video away again. */
export type Detach = () => void;

/** What made a highlight selected or jumped to. */
export type Cause = "dot" | "list" | "card" | "key" | "link" | "api";

/** The card to show: picked by the viewer, or of the highlight that is playing. */
export interface Card {
  readonly highlight: Highlight;
  readonly why: "selected" | "current";
}

/** Names no highlight (null) only in scrub-back. `at` is in seconds of the replay. */
export interface AboutHighlight {
  readonly sessionId: string;
  readonly revision: number;
  readonly highlightId: string | null;
  readonly productIds: readonly string[];
  readonly at: number;
}

/** The events of the core and their details. Elements tell the same ones with "kandian:" before the name. */
export interface KandianEvents {
  load: { readonly sessionId: string; readonly revision: number };
  enter: AboutHighlight;
  leave: AboutHighlight;
  select: AboutHighlight & { readonly by: Cause };
  jump: AboutHighlight & { readonly by: Cause; readonly from: number; readonly to: number };
  "scrub-back": AboutHighlight & { readonly from: number; readonly to: number };
}

export const EVENTS: readonly (keyof KandianEvents)[] = ["load", "enter", "leave", "select", "jump", "scrub-back"];
