import { pick, seededRandom, shuffled } from './seeded-random.ts';
import type { LineFault } from './tcp-proxy.ts';

const FREEZE_MS = { min: 1_000, max: 30_000 };
const PARTITION_MS = { min: 1_000, max: 30_000 };
/** A fault comes at some moment of the first part of its turn. */
const JITTER_SHARE = 0.25;
/** How many phones' sockets a fault of the simulator strikes. */
const PHONES_STRUCK_MAX = 10;

/** What the simulated WhatsApp itself does to the socket of a phone's linked device, as its `POST /faults` has it. */
export type PhoneFault =
  | { readonly kind: 'close' | 'stall' | 'lose-ack' }
  | { readonly kind: 'stream-error'; readonly code: 503 | 515 };

/** `chance`, from 0 to 1, chooses the runner when the fault strikes: one of those that hold sessions then. */
export type Fault = { readonly atMs: number } & (
  | { readonly kind: 'kill_runner'; readonly chance: number }
  | { readonly kind: 'freeze_runner'; readonly chance: number; readonly forMs: number }
  | {
      readonly kind: 'partition';
      readonly chance: number;
      readonly forMs: number;
      readonly line: LineFault;
    }
  | { readonly kind: 'kill_gateway' }
  | { readonly kind: 'phones'; readonly chances: readonly number[]; readonly phone: PhoneFault }
);
type FaultKind = Fault['kind'];

/** Dealt again and again in another order, so that also a short run has each of them. */
const DECK: readonly FaultKind[] = [
  'kill_runner',
  'freeze_runner',
  'partition',
  'kill_gateway',
  'phones',
  'kill_runner',
];

const LINES: readonly LineFault[] = [
  { kind: 'blackhole', direction: 'both' },
  { kind: 'blackhole', direction: 'to_server' },
  { kind: 'blackhole', direction: 'to_client' },
  { kind: 'latency', delayMs: 400 },
  { kind: 'reset' },
  { kind: 'half_open' },
];

const PHONE_FAULTS: readonly PhoneFault[] = [
  { kind: 'close' },
  { kind: 'stall' },
  { kind: 'lose-ack' },
  { kind: 'stream-error', code: 503 },
  { kind: 'stream-error', code: 515 },
];

export type PlanOptions = {
  readonly seed: number;
  readonly count: number;
  readonly overMs: number;
};

/**
 * Which faults come when, in order. Each has a turn of its own; one that lasts may last on into the next turns, but is
 * over when a runner is killed: how long the others need for its sessions is measured.
 */
export function planFaults({ seed, count, overMs }: PlanOptions): Fault[] {
  const random = seededRandom(seed);
  const turnMs = overMs / count;
  const deals = Math.ceil(count / DECK.length);
  const kinds = Array.from({ length: deals }, () => shuffled(DECK, random)).flat();
  const times = kinds
    .slice(0, count)
    .map((kind, turn) => ({ kind, atMs: Math.round(turnMs * (turn + JITTER_SHARE * random())) }));
  return times.map(({ kind, atMs }) => {
    const kill = times.find((later) => later.kind === 'kill_runner' && later.atMs > atMs);
    const untilMs = kill?.atMs ?? overMs;
    return { atMs, ...makeFault(kind, { random, roomMs: untilMs - atMs }) };
  });
}

type Chance = { readonly random: () => number; readonly roomMs: number };
type WithoutTime<F> = F extends Fault ? Omit<F, 'atMs'> : never;

function makeFault(kind: FaultKind, { random, roomMs }: Chance): WithoutTime<Fault> {
  switch (kind) {
    case 'kill_runner':
      return { kind, chance: random() };
    case 'freeze_runner':
      return { kind, chance: random(), forMs: lasting(FREEZE_MS, { random, roomMs }) };
    case 'partition': {
      const forMs = lasting(PARTITION_MS, { random, roomMs });
      return { kind, chance: random(), forMs, line: pick(LINES, random) };
    }
    case 'kill_gateway':
      return { kind };
    case 'phones': {
      const length = 1 + Math.floor(random() * PHONES_STRUCK_MAX);
      const chances = Array.from({ length }, () => random());
      return { kind, chances, phone: pick(PHONE_FAULTS, random) };
    }
  }
}

function lasting({ min, max }: { min: number; max: number }, { random, roomMs }: Chance): number {
  return Math.round(Math.min(roomMs, min + random() * (max - min)));
}
