import type { VirtualTime } from '../time/virtual-time.ts';

/** What happens, in words, for whoever wants to know. Who does not pays nothing for it. */
export class Story {
  readonly #time: VirtualTime;
  readonly #write: ((line: string) => void) | undefined;

  constructor(time: VirtualTime, write: ((line: string) => void) | undefined) {
    this.#time = time;
    this.#write = write;
  }

  get isHeard(): boolean {
    return this.#write !== undefined;
  }

  tell(words: () => string): void {
    this.#write?.(`${(this.#time.nowMs / 1_000).toFixed(3).padStart(10)} s  ${words()}`);
  }
}
