/** How a process fails at a point: it is gone, or a call gets no answer, whether it was done or not. */
export type Failure = 'killed' | 'request_lost' | 'answer_lost';

export type FailPoint = {
  readonly host: string;
  /** Of those that the process comes past, the how manieth, from 0. */
  readonly point: number;
  readonly failure: Failure;
};

/**
 * Every point at which a process may fail: before anything that reaches it, as an answer, a frame or a timer, and before
 * anything that it asks of others. Between two of them it does nothing that anybody else could tell.
 */
export class FailPoints {
  readonly #chosen: FailPoint | undefined;
  readonly #passed = new Map<string, string[]>();

  constructor(chosen?: FailPoint) {
    this.#chosen = chosen;
  }

  /** The names of the points, in the order in which each process came past them. */
  get passed(): ReadonlyMap<string, readonly string[]> {
    return this.#passed;
  }

  /** What is to happen to the process there. */
  pass(host: string, name: string): Failure | undefined {
    const names = this.#passed.get(host) ?? [];
    this.#passed.set(host, names);
    const point = names.push(name) - 1;
    const chosen = this.#chosen;
    return chosen?.host === host && chosen.point === point ? chosen.failure : undefined;
  }
}
