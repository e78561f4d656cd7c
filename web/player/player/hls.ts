/** The chunk with hls.js: its full build, for the light one has no alternate audio and our replay would be silent in it. */

import Hls, { ErrorTypes, Events } from "hls.js/dist/hls.min.mjs";
import type { Detach } from "../core/contract";

/** So often a broken decoder is set up again before we give up. */
const MOST_RECOVERIES = 2;

export function attachHls(video: HTMLVideoElement, address: string, fail: (error: unknown) => void): Detach {
  if (!Hls.isSupported()) {
    fail(new Error("this browser has no Media Source Extensions"));
    return () => undefined;
  }
  let recoveries = 0;
  // A worker of hls.js is started from a blob:, which a strict worker-src forbids; our segments are MP4 and need none.
  const hls = new Hls({ enableWorker: false, capLevelToPlayerSize: true, backBufferLength: 60 });
  hls.on(Events.ERROR, (_type, { fatal, type, error }) => {
    if (!fatal) return;
    if (type === ErrorTypes.MEDIA_ERROR && recoveries++ < MOST_RECOVERIES) hls.recoverMediaError();
    else fail(error);
  });
  hls.loadSource(address);
  hls.attachMedia(video);
  return () => hls.destroy();
}
