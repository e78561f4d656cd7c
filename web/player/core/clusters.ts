/** Which dots of a bar are drawn as one, so that each can be hit. */

export interface Point<Item> {
  readonly item: Item;
  /** Pixels from the left end of the bar. */
  readonly x: number;
}

export interface Cluster<Item> {
  readonly items: readonly Item[];
  readonly x: number;
}

/** The least distance between the centres of targets: WCAG 2.2 asks for 24 px, a thumb for more. */
export const GAP_PX = { fine: 24, coarse: 40 } as const;

/**
 * Put points (ascending) into clusters whose centres are at least `gap` pixels apart. A point alone keeps its place; a
 * cluster lies in the middle of its points, or as near to it as the next one lets it.
 */
export function clustersOf<Item>(points: readonly Point<Item>[], gap: number): Cluster<Item>[] {
  const groups: Point<Item>[][] = [];
  for (const point of points) {
    const group = groups.at(-1);
    if (group && point.x - group[0]!.x < gap) group.push(point);
    else groups.push([point]);
  }
  return groups.map((group, index) => {
    const middle = (group[0]!.x + group.at(-1)!.x) / 2;
    const room = (groups[index + 1]?.[0]!.x ?? Infinity) - gap;
    return { items: group.map((point) => point.item), x: group.length > 1 ? Math.min(middle, room) : middle };
  });
}
