/** A clock that stands still until it is moved. */
export class FakeClock {
  #nowMs: number;

  constructor(start = '2026-11-22T12:00:00Z') {
    this.#nowMs = Date.parse(start);
  }

  readonly now = (): Date => new Date(this.#nowMs);

  move(ms: number): void {
    this.#nowMs += ms;
  }

  get seconds(): number {
    return this.#nowMs / 1_000;
  }
}
