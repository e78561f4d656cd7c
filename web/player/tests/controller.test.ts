import * as assert from "node:assert/strict";
import { test } from "node:test";
import { EVENTS, KandianController } from "../core";
import { Clock, HOME, file } from "./a-show";

const ROWS = [["a", "P", 10, 20], ["b", "Q", 20, 30], ["c", "P", 50, 60]] as const;

function opened(): { clock: Clock; core: KandianController; told: string[]; details: Record<string, unknown>[] } {
  const clock = new Clock();
  const core = new KandianController(clock);
  core.open(file(ROWS), HOME);
  const told: string[] = [];
  const details: Record<string, unknown>[] = [];
  for (const type of EVENTS)
    core.addEventListener(type, (event) => {
      const { detail } = event as CustomEvent;
      told.push(`${type} ${detail.highlightId}`);
      details.push(detail);
    });
  return { clock, core, told, details };
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test("the first click shows the card and stays, the second jumps and plays", () => {
  const { clock, core, told } = opened();
  core.activate("c");
  assert.deepEqual([core.card?.highlight.id, core.card?.why, clock.currentTime], ["c", "selected", 0]);
  core.activate("c");
  assert.deepEqual([clock.currentTime, clock.paused, core.card?.why], [50, false, "current"]);
  assert.deepEqual(told, ["select c", "enter c", "jump c"]);
  core.detach();
});

test("the card of the current highlight comes and goes by itself", () => {
  const { clock, core } = opened();
  clock.pass(12);
  assert.deepEqual([core.card?.highlight.id, core.card?.why], ["a", "current"]);
  clock.pass(21);
  assert.equal(core.card?.highlight.id, "b");
  clock.pass(31);
  assert.equal(core.card, null);
});

test("with automatic cards off none comes, and a picked one still does", () => {
  const { clock, core } = opened();
  core.isCardAutomatic = false;
  clock.pass(12);
  assert.equal(core.card, null);
  assert.equal(core.select("b")?.id, "b");
  assert.equal(core.card?.highlight.id, "b");
});

test("a picked card stays when another highlight begins, a dismissed one does not come back in the same highlight", () => {
  const { clock, core } = opened();
  core.select("c");
  clock.pass(12);
  assert.equal(core.card?.highlight.id, "c");
  core.dismiss();
  clock.pass(13);
  assert.equal(core.card, null);
  clock.pass(20);
  assert.equal(core.card?.highlight.id, "b");
});

test("a start is noticed without any timeupdate", async () => {
  const { clock, core } = opened();
  clock.pass(9.95);
  clock.play();
  clock.passUnseen(10.001);
  await wait(90);
  assert.equal(core.current?.id, "a");
  core.detach();
});

test("a jump to before the start is inside the highlight, not in the one before it", () => {
  const clock = new Clock();
  const core = new KandianController(clock);
  const given = file(ROWS);
  core.open({ ...given, highlights: given.highlights.map((each) => (each.id === "b" ? { ...each, seek: 17 } : each)) }, HOME);
  core.jump("b");
  clock.pass(17.2);
  assert.equal(core.current?.id, "b");
  clock.pass(20.5);
  assert.equal(core.current?.id, "b");
  core.detach();
});

test("seeking by product goes to the take that is asked for, or stays", () => {
  const { clock, core } = opened();
  assert.equal(core.seekToProduct("P", { take: "next" })?.id, "a");
  assert.equal(core.seekToProduct("P", { take: "next" })?.id, "c");
  assert.equal(core.seekToProduct("P", { take: 1 })?.id, "a");
  assert.equal(core.seekToProduct("nobody's"), null);
  assert.equal(clock.currentTime, 10);
  core.detach();
});

test("going back is told once a drag, and a jump is not going back", async () => {
  const { clock, core, told, details } = opened();
  clock.pass(55);
  for (const time of [40, 25, 12]) core.seek(time);
  await wait(450);
  assert.deepEqual(told.filter((each) => each.startsWith("scrub-back")), ["scrub-back a"]);
  assert.deepEqual([details.at(-1)!.from, details.at(-1)!.to], [55, 12]);
  clock.pass(56);
  core.jump("a");
  await wait(450);
  assert.equal(told.filter((each) => each.startsWith("scrub-back")).length, 1);
  core.detach();
});

test("events say which show, which revision, which products", () => {
  const { core, details } = opened();
  core.jump("b", "list");
  const detail = { sessionId: "s", revision: 0, highlightId: "b", productIds: ["Q"], at: 20, by: "list", from: 0, to: 20 };
  assert.deepEqual(details.at(-1), detail);
  core.detach();
});

test("stepping goes to the next highlight and back to the one before", () => {
  const { clock, core } = opened();
  assert.deepEqual([1, 1, 1, 1, -1].map((way) => core.step(way as 1 | -1)?.id ?? null), ["a", "b", "c", null, "b"]);
  assert.equal(clock.currentTime, 20);
  core.detach();
});

test("a link moves and does not play, everything else that jumps does", () => {
  const { clock, core } = opened();
  core.jump("b", "link");
  assert.equal(clock.paused, true);
  core.seekToProduct("P");
  assert.equal(clock.paused, false);
  core.detach();
});
