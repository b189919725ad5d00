import type { Chance } from '../time/chance.ts';
import type { Host } from '../time/host.ts';
import type { VirtualTime } from '../time/virtual-time.ts';

/** Which way nothing gets through. */
export type Cut = 'requests' | 'answers' | 'both';

/** How the way from one machine to one service is. */
export type Weather = {
  cut: Cut | undefined;
  /** Of these, so many in one. */
  throttled: number;
  /** Applied, and the answer is lost. */
  answerLost: number;
  /** Lost, or held up on the way and applied after the caller was told that there is no answer. */
  requestLost: number;
  /** Applied a second time, later. */
  repeated: number;
};

export const FAIR: Readonly<Weather> = {
  cut: undefined,
  throttled: 0,
  answerLost: 0,
  requestLost: 0,
  repeated: 0,
};

const LATENCY_MS = { min: 2, max: 25 } as const;
/** Now and then one takes long. */
const SLOW = { oneIn: 0.02, min: 100, max: 2_000 } as const;
/** When a client gives up waiting for an answer, its retries included. */
const GIVE_UP_MS = { min: 1_500, max: 6_000 } as const;
/** How much later than its error a request may still be applied. */
const LATE_MS_MAX = 20_000;
/** Of the answers, so many in one take a time of their own, in which others go ahead. */
const SLOW_ANSWER = 0.25;

/** The service did not say what has become of the request. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** The service has refused to look at the request. */
class Throttled extends Error {
  override readonly name = 'Throttled';
}

export type LinkDeps = {
  /** Of the service, in words. */
  readonly name: string;
  readonly host: Host;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly weather: Weather;
};

/** The way from a machine to a service, on which requests and answers take time and get lost. */
export class Link {
  readonly #deps: LinkDeps;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  /**
   * Has the service do something. Rejects with what the service throws, with `Throttled`, or with `NoAnswer` when nobody
   * can tell. Never settles for a process that is gone.
   */
  call<T>(apply: () => Promise<T>): Promise<T> {
    const { host, chance, weather, name } = this.#deps;
    if (host.isDown) return new Promise(() => undefined);
    const failure = host.pass(`it asks the ${name}`);
    if (failure === 'killed') return new Promise(() => undefined);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (chance.hits(weather.throttled)) {
      host.after(this.#latencyMs(), () => reject(new Throttled('Slow down.')));
      return promise;
    }
    const fate = failure ?? this.#fate();
    if (fate === 'answered') this.#answer(apply, resolve, reject);
    else this.#leaveOpen(apply, fate, reject);
    return promise;
  }

  #fate(): 'answered' | 'request_lost' | 'answer_lost' {
    const { chance, weather } = this.#deps;
    const { cut } = weather;
    const isLost = chance.hits(weather.requestLost) || cut === 'requests' || cut === 'both';
    if (isLost) return 'request_lost';
    return chance.hits(weather.answerLost) || cut === 'answers' ? 'answer_lost' : 'answered';
  }

  /** The caller never knows. Half of what is held up on its way gets there in the end, when nobody waits for it. */
  #leaveOpen<T>(
    apply: () => Promise<T>,
    fate: 'request_lost' | 'answer_lost',
    reject: (cause: unknown) => void,
  ): void {
    const { host, chance } = this.#deps;
    const giveUpMs = chance.between(GIVE_UP_MS.min, GIVE_UP_MS.max);
    host.after(giveUpMs, () => reject(new NoAnswer('The service did not answer.')));
    if (fate === 'answer_lost') this.#applyUnheard(apply, this.#latencyMs());
    else if (chance.hits(0.5)) this.#applyUnheard(apply, giveUpMs + chance.between(0, LATE_MS_MAX));
  }

  #applyUnheard<T>(apply: () => Promise<T>, delayMs: number): void {
    this.#deps.time.after(delayMs, () => void apply().catch(() => undefined));
  }

  #answer<T>(
    apply: () => Promise<T>,
    resolve: (value: T) => void,
    reject: (cause: unknown) => void,
  ): void {
    const { host, time, chance, weather, name } = this.#deps;
    const what = `the ${name} answers`;
    const backMs = chance.hits(SLOW_ANSWER) ? this.#latencyMs() : 0;
    const later = (work: () => void) =>
      backMs === 0 ? host.deliver(work, what) : void host.after(backMs, work, what);
    if (chance.hits(weather.repeated)) {
      this.#applyUnheard(apply, chance.between(SLOW.max, LATE_MS_MAX));
    }
    time.after(this.#latencyMs(), () => {
      apply().then(
        (value) => later(() => resolve(value)),
        (cause: unknown) => later(() => reject(cause)),
      );
    });
  }

  #latencyMs(): number {
    const { chance } = this.#deps;
    if (chance.hits(SLOW.oneIn)) return chance.between(SLOW.min, SLOW.max);
    return chance.between(LATENCY_MS.min, LATENCY_MS.max);
  }
}
