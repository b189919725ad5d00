export type TimedEvent = {
  readonly atMs: number;
  /** Of two events at one time, the one that was asked for first comes first. */
  readonly order: number;
  readonly run: () => void;
  isCanceled: boolean;
};

/** A binary heap of events, the next one on top. */
export class EventHeap {
  readonly #events: TimedEvent[] = [];

  get size(): number {
    return this.#events.length;
  }

  peek(): TimedEvent | undefined {
    return this.#events[0];
  }

  push(event: TimedEvent): void {
    const events = this.#events;
    let index = events.length;
    events.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = events[parentIndex];
      if (parent === undefined || isBefore(parent, event)) break;
      events[index] = parent;
      index = parentIndex;
    }
    events[index] = event;
  }

  pop(): TimedEvent | undefined {
    const events = this.#events;
    const top = events[0];
    const last = events.pop();
    if (last !== undefined && events.length > 0) this.#sink(last);
    return top;
  }

  /** Puts the event in place of the top, and down to where it belongs. */
  #sink(event: TimedEvent): void {
    const events = this.#events;
    let index = 0;
    for (;;) {
      const left = events[2 * index + 1];
      const right = events[2 * index + 2];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || isBefore(event, child)) break;
      events[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    events[index] = event;
  }
}

function isBefore(a: TimedEvent, b: TimedEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
