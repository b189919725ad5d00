import type { Weather } from '../faults/link.ts';
import type { Chance } from '../time/chance.ts';
import type { Host } from '../time/host.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { ClientFrame, ServerFrame } from './frames.ts';

const LATENCY_MS = { min: 10, max: 120 } as const;
/** TCP tries again what got lost. */
const RETRANSMIT_MS = 1_000;

export type LineDeps = {
  readonly host: Host;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly toServer: (frame: ClientFrame) => void;
  readonly toClient: (frame: ServerFrame) => void;
};

/**
 * One TCP connection: frames come in order or not at all. While a way is cut they wait, and come late. When a process
 * is gone its kernel closes the line; what was on its way still comes.
 */
export class Line {
  readonly #deps: LineDeps;
  readonly #up: OneWay;
  readonly #down: OneWay;
  #isClosedByClient = false;
  #isClosedByServer = false;

  constructor(deps: LineDeps) {
    const { weather } = deps;
    this.#deps = deps;
    this.#up = new OneWay(deps, () => weather.cut === 'requests' || weather.cut === 'both');
    this.#down = new OneWay(deps, () => weather.cut === 'answers' || weather.cut === 'both');
  }

  get #isClosed(): boolean {
    return this.#isClosedByClient || this.#isClosedByServer;
  }

  /** Whether the client puts frames on it: of the other side's end it hears later. */
  get isUsed(): boolean {
    return !this.#isClosedByClient && !this.#deps.host.isDown;
  }

  sendUp(frame: ClientFrame): void {
    const { host, toServer } = this.#deps;
    if (this.#isClosed || host.isDown) return;
    this.#up.carry(() => {
      if (!this.#isClosedByServer) toServer(frame);
    });
  }

  sendDown(frame: ServerFrame): void {
    if (this.#isClosed) return;
    if (frame.kind === 'close') this.#isClosedByServer = true;
    const { host, toClient } = this.#deps;
    this.#down.carry(() => {
      host.deliver(() => {
        if (!this.#isClosedByClient) toClient(frame);
      }, `WhatsApp says ${frame.kind}`);
    });
  }

  /** Nothing more leaves, and nothing that comes is read. What has left arrives. */
  close(): void {
    this.#isClosedByClient = true;
  }
}

type Carried = { readonly atMs: number; readonly arrive: () => void };

/** One of the two ways of a connection. */
class OneWay {
  readonly #deps: Pick<LineDeps, 'time' | 'chance'>;
  readonly #isCut: () => boolean;
  readonly #carried: Carried[] = [];
  #lastMs = 0;

  constructor(deps: Pick<LineDeps, 'time' | 'chance'>, isCut: () => boolean) {
    this.#deps = deps;
    this.#isCut = isCut;
  }

  carry(arrive: () => void): void {
    const { time, chance } = this.#deps;
    const latencyMs = chance.between(LATENCY_MS.min, LATENCY_MS.max);
    const atMs = Math.max(this.#lastMs, time.nowMs + latencyMs);
    this.#lastMs = atMs;
    this.#carried.push({ atMs, arrive });
    time.after(atMs - time.nowMs, () => this.#arrive());
  }

  #arrive(): void {
    const { time } = this.#deps;
    const first = this.#carried[0];
    if (first === undefined || first.atMs > time.nowMs) return;
    if (this.#isCut()) {
      time.after(RETRANSMIT_MS, () => this.#arrive());
      return;
    }
    this.#carried.shift();
    first.arrive();
    // What has waited behind it comes at once, each as an event of its own.
    time.after(0, () => this.#arrive());
  }
}
