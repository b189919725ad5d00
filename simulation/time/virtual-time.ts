import { setImmediate } from 'node:timers/promises';
import { EventHeap, type TimedEvent } from './event-heap.ts';

/** Now and then the real event loop turns, so that Node can tell of rejections that nobody handles. */
const EVENTS_PER_TURN = 128;

/**
 * The one clock of a simulation. It jumps from event to event; between two of them all promises that can go on have
 * gone on, so that what happens depends on nothing but the events.
 */
export class VirtualTime {
  readonly #heap = new EventHeap();
  #nowMs = 0;
  #order = 0;
  #events = 0;

  /** Milliseconds since the beginning of the simulation. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many events have happened. */
  get events(): number {
    return this.#events;
  }

  /** Runs something later; answers how to take that back. */
  after(delayMs: number, run: () => void): () => void {
    const atMs = this.#nowMs + Math.max(0, delayMs);
    this.#order += 1;
    const event: TimedEvent = { atMs, order: this.#order, run, isCanceled: false };
    this.#heap.push(event);
    return () => {
      event.isCanceled = true;
    };
  }

  /** Lets time pass until then, or until `isOver` holds after an event. */
  async runUntil(endMs: number, isOver: () => boolean = () => false): Promise<void> {
    await settled();
    while (!isOver()) {
      const next = this.#heap.peek();
      if (next === undefined || next.atMs > endMs) {
        this.#nowMs = endMs;
        return;
      }
      this.#heap.pop();
      if (next.isCanceled) continue;
      this.#nowMs = next.atMs;
      next.run();
      this.#events += 1;
      await settled();
      if (this.#events % EVENTS_PER_TURN === 0) await setImmediate();
    }
  }
}

/** Node empties the queue of promises before it takes the next tick. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
