import * as assert from "node:assert/strict";
import { test } from "node:test";
import { linkTo, readDeepLink } from "../core/deep-link";
import { matcher, search } from "../core/search";
import { readShow } from "../core/show";
import { covering, readCues, readPictures } from "../core/webvtt";
import { clock, price, spoken } from "../page/format";
import { WORDS } from "../page/words";
import { HOME, file } from "./a-show";

test("deep links are read from query and fragment, the most exact first", () => {
  const read = (tail: string) => readDeepLink(`https://shop.example/r${tail}`);
  assert.deepEqual(read("?t=90"), { kind: "time", at: 90 });
  assert.deepEqual(["1h2m3s", "1:02:03", "3723", "3723s"].map((time) => read(`#t=${time}`)), Array(4).fill({ kind: "time", at: 3723 }));
  assert.deepEqual(read("?product=%E5%8F%A3"), { kind: "product", id: "口" });
  assert.deepEqual(read("?product=P&t=5#highlight=h1"), { kind: "highlight", id: "h1" });
  assert.deepEqual(read("?t=5#product=P"), { kind: "product", id: "P" });
  assert.deepEqual(["", "?t=-5", "?t=soon", "?t=", "?other=1"].map(read), [null, null, null, null, null]);
  assert.equal(linkTo("https://shop.example/r?lang=zh&product=P#highlight=h", 61.9), "https://shop.example/r?lang=zh&t=61");
});

test("words are found in any order, whatever their width and case, and Chinese without spaces", () => {
  assert.ok(matcher("robot VACUUM")("A Vacuum, by Ｒobot"));
  assert.ok(matcher("精华液")("珀莱雅双抗精华液3.0"));
  assert.ok(!matcher("精华 面膜")("珀莱雅双抗精华液3.0"));
});

test("a search finds highlights first and then what was said, with its highlight", () => {
  const show = readShow(file([["a", "毛巾", 10, 20], ["b", "牙刷", 20, 30]]), HOME);
  const cues = readCues("WEBVTT\n\n00:11.000 --> 00:12.500\n这条毛巾<c.x>吸水</c> &lt;特别&gt;好\n\n1:00:00.000 --> 1:00:01.000\n再见");
  assert.deepEqual(search(show, cues, "毛巾").map((hit) => [hit.kind, hit.at, hit.highlight?.id]), [["highlight", 10, "a"], ["said", 11, "a"]]);
  assert.deepEqual(search(show, cues, "再见").map((hit) => [hit.kind, hit.at, hit.highlight]), [["said", 3600, null]]);
  assert.equal(search(show, cues, " ").length, 2);
  assert.equal(cues[0]!.text, "这条毛巾吸水 <特别>好");
});

test("pictures of the bar are read with their places, and only from safe addresses", () => {
  const text = "WEBVTT\r\n\r\n00:00.000 --> 00:10.000\r\ns/0.jpg#xywh=90,0,90,160\r\n\r\n00:10.000 --> 00:20.000\r\njavascript:alert(1)#xywh=0,0,1,1\r\n";
  const pictures = readPictures(text, HOME);
  assert.deepEqual(pictures, [{ start: 0, end: 10, address: "https://shop.example/replays/1/s/0.jpg", x: 90, y: 0, width: 90, height: 160 }]);
  assert.equal(covering(pictures, 9.9), pictures[0]);
  assert.equal(covering(pictures, 10), null);
});

test("times and prices read as people write and say them", () => {
  assert.deepEqual([0, 59.9, 754, 3754].map(clock), ["0:00", "0:59", "12:34", "1:02:34"]);
  assert.deepEqual([0, 61, 7203].map((time) => spoken(time, "en")), ["0 seconds", "1 minute 1 second", "2 hours 3 seconds"]);
  assert.equal(spoken(754, "zh"), "12分34秒");
  assert.equal(price(39.9, "CNY", "zh"), "¥39.90");
  assert.equal(price(5, "not a currency", "en"), "5.00 not a currency");
});

test("everything is said in both languages, and nothing is left in the other", () => {
  assert.deepEqual(Object.keys(WORDS.en), Object.keys(WORDS.zh));
  const strings = (words: object) => JSON.stringify(Object.values(words).map((each) => (typeof each === "function" ? each(1, 2, 3) : each)));
  assert.ok(!/[\u4e00-\u9fff]/.test(strings(WORDS.en)));
});

test("a card says which of product and start is unsure, in both languages", () => {
  assert.equal(WORDS.zh.confidence("92%", "40%"), "商品把握 92% · 起点把握 40%");
  assert.equal(WORDS.en.confidence("92%", "40%"), "Product 92% · start 40%");
});
