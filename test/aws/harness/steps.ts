import { performance } from 'node:perf_hooks';

/** Tells of each step: what it is when it begins, and how long it took when it is done. */
export class Steps {
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** `isTalkative`: the step writes lines of its own. */
  async run<T>(what: string, work: () => Promise<T>, isTalkative = false): Promise<T> {
    const startedMs = performance.now();
    const taken = () => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
    this.#write(`${what} …${isTalkative ? '\n' : ' '}`);
    const prefix = isTalkative ? `${what}: ` : '';
    try {
      const result = await work();
      this.#write(`${prefix}${taken()}\n`);
      return result;
    } catch (error) {
      this.#write(`${prefix}failed after ${taken()}\n`);
      throw error;
    }
  }
}
