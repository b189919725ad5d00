import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosSystem, RunnerPlace } from './chaos-system.ts';
import { freezeWithoutLock } from './freeze-runner.ts';
import type { Fault, PhoneFault } from './plan-faults.ts';
import type { LineFault } from './tcp-proxy.ts';

export type InjectorOptions = {
  readonly system: ChaosSystem;
  readonly numbers: readonly string[];
  /** A runner is about to be killed; what it answers is awaited when the runner is dead. */
  readonly onKill: (place: RunnerPlace) => Promise<() => void>;
  readonly tell: (line: string) => void;
};

/** Makes each fault of a plan happen, and counts what happened. */
export class FaultInjector {
  readonly counts = new Map<string, number>();
  readonly #options: InjectorOptions;
  readonly #lasting: Promise<void>[] = [];

  constructor(options: InjectorOptions) {
    this.#options = options;
  }

  /** Resolves when all have happened, or the signal aborts, and each that lasts is over. */
  async run(plan: readonly Fault[], signal: AbortSignal): Promise<void> {
    const beganMs = performance.now();
    for (const fault of plan) {
      const waitMs = Math.max(0, beganMs + fault.atMs - performance.now());
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      const atS = ((performance.now() - beganMs) / 1_000).toFixed(1);
      const what = await this.#inject(fault, signal);
      this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
      this.#options.tell(`${atS.padStart(6)} s  ${what}${detailOf(fault)}`);
    }
    await Promise.all(this.#lasting);
  }

  /** Answers what has happened, in words. */
  async #inject(fault: Fault, signal: AbortSignal): Promise<string> {
    switch (fault.kind) {
      case 'kill_runner': {
        const place = await this.#choose(fault.chance);
        const onDead = await this.#options.onKill(place);
        await place.process.kill();
        onDead();
        return 'a runner is killed';
      }
      case 'freeze_runner': {
        const place = await this.#choose(fault.chance);
        const thaw = await freezeWithoutLock(place.process, this.#options.system.storage);
        this.#last(fault.forMs, thaw, signal);
        return 'a runner is stopped';
      }
      case 'partition': {
        const { line } = await this.#choose(fault.chance);
        line.fault = fault.line;
        const heal = () => {
          if (line.fault === fault.line) line.fault = undefined;
        };
        this.#last(fault.forMs, heal, signal);
        return `the line: ${nameOfLine(fault.line)}`;
      }
      case 'kill_gateway':
        await this.#options.system.gateway.kill();
        return 'the gateway is killed';
      case 'phones':
        await this.#strikePhones(fault.chances, fault.phone);
        return `WhatsApp: ${nameOfPhoneFault(fault.phone)}`;
    }
  }

  #last(forMs: number, end: () => void, signal: AbortSignal): void {
    const over = sleep(forMs, undefined, { signal }).catch(() => undefined);
    this.#lasting.push(over.then(end));
  }

  /** One of those that hold sessions. */
  async #choose(chance: number): Promise<RunnerPlace> {
    const { system } = this.#options;
    const { places } = system;
    const shards = await Promise.all(
      places.map(({ process }) => system.shardsOf(process.ready?.runnerId)),
    );
    const holding = places.filter((_, index) => (shards[index]?.length ?? 0) > 0);
    const choices = holding.length > 0 ? holding : places;
    const chosen = choices[Math.floor(chance * choices.length)];
    if (chosen === undefined) throw new Error('There is no runner.');
    return chosen;
  }

  async #strikePhones(chances: readonly number[], phone: PhoneFault): Promise<void> {
    const { system, numbers } = this.#options;
    for (const chance of chances) {
      const number = numbers[Math.floor(chance * numbers.length)];
      // One that is just logging in has no device to be struck: 409.
      await system.simulator.call('POST', '/faults', { number, ...phone });
    }
  }
}

function detailOf(fault: Fault): string {
  return 'forMs' in fault ? ` for ${(fault.forMs / 1_000).toFixed(1)} s` : '';
}

function nameOfLine(line: LineFault): string {
  return line.kind === 'blackhole' ? `blackhole ${line.direction}` : line.kind;
}

function nameOfPhoneFault(fault: PhoneFault): string {
  return fault.kind === 'stream-error' ? `stream-error ${fault.code}` : fault.kind;
}
