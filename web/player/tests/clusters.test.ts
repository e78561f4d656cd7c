import * as assert from "node:assert/strict";
import { test } from "node:test";
import { clustersOf } from "../core/clusters";

const at = (...places: number[]) => places.map((x, item) => ({ item, x }));

test("dots that are far enough apart keep their places", () => {
  assert.deepEqual(clustersOf(at(0, 24, 100), 24).map((each) => [each.x, each.items.length]), [[0, 1], [24, 1], [100, 1]]);
});

test("dots that are too close become one in their middle", () => {
  assert.deepEqual(clustersOf(at(10, 20, 100), 24).map((each) => [each.x, each.items.length]), [[15, 2], [100, 1]]);
});

test("any dots end up apart, all of them, in order, alone in their own place", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (const [count, width, gap] of [[200, 360, 40], [300, 296, 24], [300, 1256, 24], [3, 360, 40]] as const) {
    const points = at(...Array.from({ length: count }, () => random() * width).sort((a, b) => a - b));
    const clusters = clustersOf(points, gap);
    assert.deepEqual(clusters.flatMap((each) => each.items), points.map((each) => each.item));
    for (const [index, { x, items }] of clusters.entries()) {
      assert.ok(index === 0 || x - clusters[index - 1]!.x >= gap - 1e-9);
      if (items.length === 1) assert.equal(x, points[items[0]!]!.x);
      assert.ok(items.every((item) => Math.abs(points[item]!.x - x) <= gap));
    }
  }
});
