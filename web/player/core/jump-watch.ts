/** Notices when a viewer scrubs back. Where they go back to tells a platform that a start was late, or worth seeing twice. */

/** Moves within this time are one: a dragged thumb seeks many times. */
const SETTLED_MS = 400;
/** Shorter moves back are corrections of the thumb. */
const SHORTEST_BACK_S = 1;

export class JumpWatch {
  #passed = 0;
  #from: number | null = null;
  #isOurs = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly tell: (from: number, to: number) => void) {}

  /** Time passes, in play or at rest. */
  pass(time: number): void {
    if (this.#from === null) this.#passed = time;
  }

  /** The next move is the player's own. */
  expect(): void {
    this.#isOurs = true;
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#from ??= this.#passed;
  }

  land(to: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(to), SETTLED_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#from = null;
  }

  #settle(to: number): void {
    const from = this.#from;
    const isViewers = !this.#isOurs;
    [this.#from, this.#isOurs, this.#passed] = [null, false, to];
    if (isViewers && from !== null && to < from - SHORTEST_BACK_S) this.tell(from, to);
  }
}
