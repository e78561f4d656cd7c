/** The WebVTT files beside a replay: what was said, and pictures of the bar. Text stays text; nothing is rendered here. */

import { safeAddress } from "./safe-address";

export interface Cue {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A picture of a stretch: `width` by `height` pixels of the sheet at `address`, from (`x`, `y`). */
export interface Picture {
  readonly start: number;
  readonly end: number;
  readonly address: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const TIMES = /^((?:\d+:)?\d\d:\d\d\.\d{3})[ \t]+-->[ \t]+((?:\d+:)?\d\d:\d\d\.\d{3})/;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", nbsp: "\u00a0", lrm: "", rlm: "" };

/** The cues of a WebVTT file, their text without tags. */
export function readCues(file: string): Cue[] {
  return blocks(file).map(({ start, end, body }) => ({ start, end, text: plain(body) }));
}

/** The pictures that a thumbnails.vtt at `base` names; those with no safe address or place are left out. */
export function readPictures(file: string, base: string): Picture[] {
  return blocks(file).flatMap(({ start, end, body }) => {
    const [path, place] = body.trim().split("#xywh=");
    const [x, y, width, height] = (place ?? "").split(",").map(Number);
    const address = safeAddress(path ?? null, base);
    return address && x! >= 0 && y! >= 0 && width! > 0 && height! > 0
      ? [{ start, end, address, x: x!, y: y!, width: width!, height: height! }]
      : [];
  });
}

/** The cue or picture that covers `time`, by bisection. */
export function covering<Stretch extends { start: number; end: number }>(all: readonly Stretch[], time: number): Stretch | null {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle]!.end <= time) low = middle + 1;
    else high = middle;
  }
  const found = all[low];
  return found && found.start <= time ? found : null;
}

function blocks(file: string): { start: number; end: number; body: string }[] {
  return file.replace(/\r\n?/g, "\n").split(/\n{2,}/).flatMap((block) => {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => TIMES.test(line));
    const [, start, end] = TIMES.exec(lines[at] ?? "") ?? [];
    return start && end ? [{ start: seconds(start), end: seconds(end), body: lines.slice(at + 1).join("\n") }] : [];
  });
}

function seconds(time: string): number {
  return time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

function plain(body: string): string {
  return body
    .replace(/<[^>]*>/g, "")
    .replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .trim();
}
