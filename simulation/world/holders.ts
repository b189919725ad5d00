import { isDeepStrictEqual } from 'node:util';
import type { AuthState } from '#runner/journal/auth-state.ts';
import type { Ledger } from './ledger.ts';

/** What of a state is the same however it was read. */
const KINDS = ['session', 'creds', 'chats', 'new-chats'] as const;

type Holder = {
  readonly hostName: string;
  readonly auth: AuthState;
  /** Whether it has handed the instance over, with everything written. */
  readonly hasLetGo: () => boolean;
};

/** Who held each instance last. Whoever comes after a clean hand-over reads just what the one before had in memory. */
export class Holders {
  readonly #ledger: Ledger;
  readonly #last = new Map<string, Holder>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  note(instanceId: string, holder: Holder): void {
    const before = this.#last.get(instanceId);
    this.#last.set(instanceId, holder);
    if (before === undefined || before.hostName === holder.hostName || !before.hasLetGo()) return;
    this.#ledger.count('handOvers');
    for (const kind of KINDS) {
      if (isDeepStrictEqual(before.auth.all(kind), holder.auth.all(kind))) continue;
      this.#ledger.break(
        'replays_to_the_same',
        `${holder.hostName} reads another "${kind}" of ${instanceId} than ${before.hostName} had when it let go.`,
      );
    }
  }
}
