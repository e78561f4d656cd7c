/** Giving a video its replay: MP4 as it is, HLS by the browser where it is good at it, else by hls.js, loaded only then. */

import type { Detach } from "../core/contract";

export type Engine = "auto" | "native" | "hls.js";

const HLS = "application/vnd.apple.mpegurl";

/** Give `video` the replay at `address`. `fail` is called with what can no longer be mended. */
export async function attachSource(video: HTMLVideoElement, address: string, engine: Engine, fail: (error: unknown) => void): Promise<Detach> {
  const isHls = /\.m3u8$/i.test(new URL(address).pathname);
  if (!isHls || engine === "native" || (engine === "auto" && isGoodAtHls(video))) return attachNative(video, address, fail);
  const { attachHls } = await import("./hls");
  return attachHls(video, address, fail);
}

/** Chromium says "maybe" and plays some playlists wrongly; Safari says so too, but iPhones have no other way. */
function isGoodAtHls(video: HTMLVideoElement): boolean {
  const hasMediaSource = "MediaSource" in window || "ManagedMediaSource" in window;
  return video.canPlayType(HLS) === "probably" || !hasMediaSource;
}

function attachNative(video: HTMLVideoElement, address: string, fail: (error: unknown) => void): Detach {
  const tell = () => fail(video.error);
  video.addEventListener("error", tell);
  video.src = address;
  return () => {
    video.removeEventListener("error", tell);
    video.removeAttribute("src");
    video.load();
  };
}
