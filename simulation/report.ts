import { noTotals, type Totals } from './world/ledger.ts';
import type { Outcome } from './world/simulate.ts';

/** The sums of many simulations. */
export class Report {
  readonly #startedMs: number;
  readonly #totals = noTotals();
  #seeds = 0;
  #virtualMs = 0;

  constructor(nowMs: number) {
    this.#startedMs = nowMs;
  }

  get seeds(): number {
    return this.#seeds;
  }

  add({ totals, virtualMs }: Outcome): void {
    this.#seeds += 1;
    this.#virtualMs += virtualMs;
    for (const name of namesOf(totals)) this.#totals[name] += totals[name];
  }

  progress(nowMs: number): string {
    const passedS = (nowMs - this.#startedMs) / 1_000;
    const hours = (this.#virtualMs / 3_600_000).toFixed(1);
    const rate = Math.round(this.#virtualMs / 1_000 / passedS);
    const perS = (this.#seeds / passedS).toFixed(1);
    return `${this.#seeds} seeds, ${hours} virtual hours in ${passedS.toFixed(0)} s: ${rate} times as fast as life, ${perS} seeds a second`;
  }

  /** Every sum on a line of its own. */
  table(): string {
    return namesOf(this.#totals)
      .map((name) => `${NAMES[name].padEnd(34)}${String(this.#totals[name]).padStart(10)}`)
      .join('\n');
  }
}

const NAMES: Readonly<Record<keyof Totals, string>> = {
  sends: 'messages sent',
  inbound: 'messages received',
  webhooks: 'webhooks taken',
  kills: 'processes killed',
  pauses: 'processes stopped for a while',
  partitions: 'ways cut',
  drains: 'runners told to hand over',
  fences: 'runners that fenced themselves',
  claims: 'shards claimed',
  takeovers: 'of these from a dead runner',
  handOvers: 'sessions handed over',
  logins: 'logins',
  wireResends: 'messages in doubt, sent again',
};

function namesOf(totals: Totals): (keyof Totals)[] {
  return Object.keys(NAMES).filter((name): name is keyof Totals => name in totals);
}
