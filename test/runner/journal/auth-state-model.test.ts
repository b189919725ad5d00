import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuthState } from '#runner/journal/auth-state.ts';
import { type Changes, decodeChanges, encodeChanges } from '#runner/journal/changes.ts';
import type { FencedJournal } from '#runner/journal/fenced-journal.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { someChanges } from './arbitrary-changes.ts';
import { A_RUNNER, journalOf } from './journal-for-test.ts';

const RUNS = 40;
const KINDS = ['creds', 'session', 'pre-key', 'sender-key', 'inbox'];

type Step =
  | { readonly kind: 'stage'; readonly changes: Changes }
  | { readonly kind: 'flush' | 'crash' | 'compact' | 'close' };

const stage = fc.record({ kind: fc.constant('stage' as const), changes: someChanges });
const other = fc.record({ kind: fc.constantFrom('flush' as const, 'crash', 'compact', 'close') });
const steps = fc.array(fc.oneof({ weight: 5, arbitrary: stage }, { weight: 3, arbitrary: other }), {
  maxLength: 15,
});

/** An auth state, and what it was when it was last flushed. */
class Journaled {
  readonly #openLog: () => FencedJournal;
  #log: FencedJournal;
  #state: AuthState;
  #flushed: unknown;

  private constructor(openLog: () => FencedJournal, log: FencedJournal, state: AuthState) {
    this.#openLog = openLog;
    this.#log = log;
    this.#state = state;
    this.#flushed = contentOf(state);
  }

  static async open(openLog: () => FencedJournal): Promise<Journaled> {
    const log = openLog();
    return new Journaled(openLog, log, await AuthState.open(log));
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'stage':
        this.#state.stage(step.changes);
        return;
      case 'flush':
        await this.flush();
        return;
      case 'compact':
        await this.flush();
        await this.#log.compact(encodeChanges(contentOf(this.#state)));
        return;
      case 'close':
        await this.flush();
        await this.#state.close();
        await this.take({ kind: 'crash' });
        return;
      case 'crash':
        this.#log = this.#openLog();
        this.#state = await AuthState.open(this.#log);
        expect(contentOf(this.#state)).toEqual(this.#flushed);
        return;
    }
  }

  async flush(): Promise<void> {
    await this.#state.flush();
    this.#flushed = contentOf(this.#state);
  }
}

/** All that is there, as it is after the log. */
function contentOf(state: AuthState): Changes {
  const kinds = KINDS.map((kind) => [kind, { ...state.all(kind) }]);
  return decodeChanges(encodeChanges(Object.fromEntries(kinds)));
}

describe('AuthState, in any order of steps', () => {
  it('is after a crash what it was when it was last flushed', async () => {
    const { storage } = await openForTest();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (several) => {
        run += 1;
        const instanceId = `run-${run}`;
        let epoch = 0;
        const journaled = await Journaled.open(() => {
          epoch += 1;
          const opener = { ...A_RUNNER, epoch };
          return journalOf(storage.authBlobs, { instanceId, opener });
        });
        for (const step of several) await journaled.take(step);
        await journaled.flush();
        await journaled.take({ kind: 'crash' });
      }),
      { numRuns: RUNS },
    );
  });
});
