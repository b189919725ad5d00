import type { Ambient } from '#runner/deps.ts';
import type { FailPoints, Failure } from '../faults/fail-points.ts';
import type { Chance } from './chance.ts';
import type { VirtualTime } from './virtual-time.ts';

/** When the simulations take place; no matter when. */
const EPOCH_MS = Date.parse('2026-11-22T12:00:00Z');
/** Monotonic clocks of machines run this much too fast or too slow at most. */
const CLOCK_RATE_ERROR = 0.01;
/** And their wall clocks differ by so much. */
const WALL_CLOCK_ERROR_MS = 2_000;

type HostState = 'up' | 'paused' | 'down';

/**
 * A machine with one process on it. What reaches a process that is stopped waits, and then comes at once, while its
 * clocks have gone on; what reaches one that is gone is lost. All that a runner does happens in one of its events, so a
 * process that is gone does nothing more.
 *
 *   up ◀──▶ paused          from both: down, for good
 */
export class Host {
  readonly name: string;
  readonly #time: VirtualTime;
  readonly #rate: number;
  readonly #bootMs: number;
  readonly #wallErrorMs: number;
  readonly #waiting: (() => void)[] = [];
  readonly #onDown = new Set<() => void>();
  readonly #points: FailPoints | undefined;
  #state: HostState = 'up';
  /** Spent paused, so far. */
  #pausedMs = 0;

  constructor(name: string, time: VirtualTime, chance: Chance, points?: FailPoints) {
    this.name = name;
    this.#points = points;
    this.#time = time;
    this.#bootMs = time.nowMs;
    this.#rate = 1 + chance.between(-CLOCK_RATE_ERROR, CLOCK_RATE_ERROR);
    this.#wallErrorMs = chance.between(-WALL_CLOCK_ERROR_MS, WALL_CLOCK_ERROR_MS);
  }

  get isDown(): boolean {
    return this.#state === 'down';
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  /** Of a clock that stands still while the process does, for a mutation. */
  get awakeMs(): number {
    return this.monotonicMs - this.#pausedMs;
  }

  get monotonicMs(): number {
    return (this.#time.nowMs - this.#bootMs) * this.#rate;
  }

  get now(): Date {
    return new Date(Math.floor(EPOCH_MS + this.#time.nowMs * this.#rate + this.#wallErrorMs));
  }

  /** Something reaches the process from outside. */
  deliver(work: () => void, what = 'a timer rings'): void {
    if (this.#state === 'paused') this.#waiting.push(work);
    else if (this.#state === 'up' && this.pass(what) !== 'killed') work();
  }

  /** The process comes past a point at which it may fail; it is gone when the answer is so. */
  pass(what: string): Failure | undefined {
    const failure = this.#points?.pass(this.name, what);
    if (failure === 'killed') this.kill();
    return failure;
  }

  /** Something reaches the process after so long, by the clock of the world. */
  after(delayMs: number, work: () => void, what?: string): () => void {
    return this.#time.after(delayMs, () => this.deliver(work, what));
  }

  /** `delayMs` is by the clock of the machine, in whole milliseconds and one at the least, as Node's timers are. */
  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = this.after(Math.max(1, Math.ceil(delayMs)) / this.#rate, resolve);
    const abort = () => {
      cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    await promise;
    signal?.removeEventListener('abort', abort);
  }

  /** Stops the process for so long (SIGSTOP, a long collection, a machine that is moved). */
  pause(forMs: number): void {
    if (this.#state !== 'up') return;
    this.#state = 'paused';
    this.#time.after(forMs, () => this.#resume(forMs));
  }

  /** The process is gone, in the middle of whatever it does. */
  kill(): void {
    if (this.#state === 'down') return;
    this.#state = 'down';
    this.#waiting.length = 0;
    for (const hear of this.#onDown) hear();
  }

  /** Calls back when the process is gone: its kernel closes what it had open. */
  onDown(hear: () => void): void {
    this.#onDown.add(hear);
  }

  ambient(chance: Chance, newId: () => string): Ambient {
    return {
      now: () => this.now,
      monotonicMs: () => this.monotonicMs,
      jitter: () => chance.next(),
      newId,
      sleep: (delayMs, signal) => this.sleep(delayMs, signal),
    };
  }

  #resume(pausedMs: number): void {
    if (this.#state !== 'paused') return;
    this.#state = 'up';
    this.#pausedMs += pausedMs * this.#rate;
    // Each is an event of its own, as in an event loop.
    for (const work of this.#waiting.splice(0)) this.after(0, work);
  }
}
