import * as assert from "node:assert/strict";
import { test } from "node:test";
import { readShow } from "../core/show";
import { HOME, file } from "./a-show";

const ROWS = [["a", "P", 10, 20], ["b", "Q", 20, 30], ["c", "P", 50, 60]] as const;

test("suggestions are never read", () => {
  const given = file(ROWS);
  const show = readShow({ ...given, suggestions: [{ ...given.highlights[0]!, id: "doubtful" }] }, HOME);
  assert.deepEqual(show.highlights.map((each) => each.id), ["a", "b", "c"]);
  assert.equal(show.highlight("doubtful"), null);
});

test("a highlight begins at its start and is over at its end", () => {
  const show = readShow(file(ROWS), HOME);
  assert.deepEqual([9.99, 10, 19.99, 20, 30].map((time) => show.at(time)?.id ?? null), [null, "a", "a", "b", null]);
});

test("the best take is the one that says so, else the surest", () => {
  const given = file(ROWS);
  const [a, b, c] = given.highlights;
  const sure = readShow({ ...given, highlights: [{ ...a!, confidence: 0.9 }, b!, c!] }, HOME);
  const said = readShow({ ...given, highlights: [{ ...a!, confidence: 0.9 }, b!, { ...c!, best_take: true }] }, HOME);
  assert.equal(sure.takeOf("P", "best", 0)?.id, "a");
  assert.equal(said.takeOf("P", "best", 0)?.id, "c");
});

test("the next take is the first after now, and after the last the first again", () => {
  const show = readShow(file(ROWS), HOME);
  assert.deepEqual([0, 10, 55].map((time) => show.takeOf("P", "next", time)?.id), ["a", "c", "a"]);
});

test("a product that is only in a bundle is found there", () => {
  const given = file(ROWS);
  const [a, ...rest] = given.highlights;
  const show = readShow({ ...given, highlights: [{ ...a!, product_ids: ["P", "Q"] }, ...rest.slice(1)] }, HOME);
  assert.equal(show.takeOf("Q", "best", 0)?.id, "a");
  assert.equal(show.takeOf("nobody's", "best", 0), null);
});

test("links lead to https only, pictures also to the file's own neighbours", () => {
  const given = file(ROWS.slice(0, 1));
  const product = (url: string, image: string) => readShow({ ...given, products: [{ ...given.products[0]!, url, service_url: url, image }] }, HOME).products.get("P")!;
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "http://shop.example/p", "//", "https://user:secret@shop.example/", "blob:https://shop.example/1", "p.html"])
    assert.equal(product(bad, "").url, null, bad);
  assert.equal(product("https://shop.example/p", "").serviceUrl, "https://shop.example/p");
  assert.equal(product("", "images/p.jpg").image, "https://shop.example/replays/1/images/p.jpg");
  assert.equal(product("", "http://tracker.example/p.jpg").image, null);
});

test("a file that cannot be used is refused with its place", () => {
  const given = file(ROWS);
  assert.throws(() => readShow([], HOME), /schema_version/);
  assert.throws(() => readShow({ ...given, schema_version: "2.0" }, HOME), /this player reads 1\.x/);
  assert.throws(() => readShow({ ...given, products: null }, HOME), /products is no list/);
  assert.throws(() => readShow({ ...given, highlights: [{ ...given.highlights[0]!, end: 1 }] }, HOME), /highlights\[0\] needs start < end/);
});

test("each highlight says how sure its product is, and its start", () => {
  const given = file(ROWS.slice(0, 1));
  const [entry] = given.highlights;
  const told = readShow({ ...given, highlights: [{ ...entry!, confidence: 0.36, product_confidence: 0.9, start_confidence: 0.4 }] }, HOME);
  assert.deepEqual([told.highlights[0]!.productConfidence, told.highlights[0]!.startConfidence], [0.9, 0.4]);
});

test("a file that tells one confidence shares it between product and start", () => {
  const given = file(ROWS.slice(0, 1));
  const old = readShow({ ...given, highlights: [{ ...given.highlights[0]!, confidence: 0.64 }] }, HOME);
  assert.deepEqual([old.highlights[0]!.productConfidence, old.highlights[0]!.startConfidence], [0.8, 0.8]);
});
