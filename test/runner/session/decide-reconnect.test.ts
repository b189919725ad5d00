import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideReconnect,
  FRESH,
  historyAfter,
  historyOnOpen,
  type ReconnectHistory,
} from '#runner/session/decide-reconnect.ts';
import type { CloseReason } from '#runner/session/whatsapp-socket.ts';

const LONGEST_MS = 30 * 60_000;

const REASONS = [
  'restart_required',
  'connection_lost',
  'pairing_expired',
  'unavailable',
  'replaced',
  'logged_out',
  'forbidden',
  'outdated_client',
  'bad_session',
  'handshake_failed',
  'storage_failed',
  'overtaken',
  'journal_corrupt',
  'ack_timeout',
  'stopped',
] as const satisfies readonly CloseReason[];

/** What is slept at the least and at the most (without jitter, and with all of it). */
function bounds(reason: CloseReason, attempts: number): [number, number] {
  const history = { ...FRESH, attempts };
  return [delayOf(reason, history, 0), delayOf(reason, history, 1)];
}

function delayOf(reason: CloseReason, history: ReconnectHistory, jitter: number): number {
  const decision = decideReconnect(reason, history, jitter);
  if (decision.kind !== 'retry') throw new Error(`${reason} is not retried.`);
  return decision.delayMs;
}

describe('decideReconnect', () => {
  it.each(['restart_required', 'ack_timeout'] as const)('goes on at once after %s', (reason) => {
    expect(decideReconnect(reason, FRESH, 0.5)).toEqual({
      kind: 'retry',
      delayMs: 0,
      status: 'CONNECTING',
    });
    expect(delayOf(reason, { ...FRESH, attempts: 2 }, 0.5)).toBe(0);
  });

  it.each(['restart_required', 'ack_timeout'] as const)(
    'waits from the fourth %s in a row on',
    (reason) => {
      expect(decideReconnect(reason, { ...FRESH, attempts: 3 }, 0)).toEqual({
        kind: 'retry',
        delayMs: 2_000,
        status: 'DISCONNECTED',
      });
    },
  );

  it('waits half a second after a lost connection, at most a minute', () => {
    expect(bounds('connection_lost', 0)).toEqual([250, 500]);
    expect(bounds('connection_lost', 1)).toEqual([500, 1_000]);
    expect(bounds('connection_lost', 1_000)).toEqual([30_000, 60_000]);
  });

  it.each(['bad_session', 'storage_failed'] as const)(
    'waits a second after %s, at most five minutes',
    (reason) => {
      expect(bounds(reason, 0)).toEqual([500, 1_000]);
      expect(bounds(reason, 1_000)).toEqual([150_000, 300_000]);
    },
  );

  it.each(['unavailable', 'handshake_failed'] as const)(
    'waits three seconds after %s, at most five minutes',
    (reason) => {
      expect(bounds(reason, 0)).toEqual([1_500, 3_000]);
      expect(bounds(reason, 1_000)).toEqual([150_000, 300_000]);
    },
  );

  it.each(['outdated_client', 'overtaken'] as const)(
    'waits a minute after %s, at most half an hour',
    (reason) => {
      expect(bounds(reason, 0)).toEqual([30_000, 60_000]);
      expect(bounds(reason, 1_000)).toEqual([LONGEST_MS / 2, LONGEST_MS]);
    },
  );

  it('says CONFLICT when it was replaced, and waits 1, 5, then 30 minutes', () => {
    const waits = [0, 1, 2, 3, 50].map((conflicts) =>
      decideReconnect('replaced', { ...FRESH, conflicts }, 0.9),
    );
    expect(waits).toEqual(
      [1, 5, 30, 30, 30].map((minutes) => ({
        kind: 'retry',
        delayMs: minutes * 60_000,
        status: 'CONFLICT',
      })),
    );
  });

  it('does not believe the first log-out', () => {
    expect(decideReconnect('logged_out', FRESH, 0)).toEqual({
      kind: 'retry',
      delayMs: 1_000,
      status: 'DISCONNECTED',
    });
  });

  it('believes the second log-out, and has the keys erased', () => {
    expect(decideReconnect('logged_out', { ...FRESH, refusals: 1 }, 0)).toEqual({
      kind: 'stop',
      status: 'LOGGED_OUT',
      erase: true,
    });
  });

  it('shows codes for three rounds, then stops and keeps what it has', () => {
    const rounds = [0, 1, 2].map((expiries) =>
      decideReconnect('pairing_expired', { ...FRESH, expiries }, 0),
    );
    expect(rounds).toEqual([
      { kind: 'retry', delayMs: 0, status: 'CONNECTING' },
      { kind: 'retry', delayMs: 0, status: 'CONNECTING' },
      { kind: 'stop', status: 'DISCONNECTED', erase: false },
    ]);
  });

  it('stops when WhatsApp forbids the account, and keeps the keys', () => {
    expect(decideReconnect('forbidden', FRESH, 0)).toEqual({
      kind: 'stop',
      status: 'FORBIDDEN',
      erase: false,
    });
  });

  it('stops when its journal was damaged, and keeps what there is for a restore', () => {
    expect(decideReconnect('journal_corrupt', FRESH, 0)).toEqual({
      kind: 'stop',
      status: 'QUARANTINED',
      erase: false,
    });
  });

  it('stops when it was told to', () => {
    expect(decideReconnect('stopped', FRESH, 0)).toEqual({
      kind: 'stop',
      status: 'DISCONNECTED',
      erase: false,
    });
  });
});

describe('decideReconnect, whatever happened before', () => {
  const counter = fc.oneof(fc.nat(5), fc.nat());
  const history = fc.record({
    attempts: counter,
    flaps: counter,
    conflicts: counter,
    refusals: counter,
    expiries: counter,
  });
  const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const reason = fc.constantFrom(...REASONS);

  it('waits a whole number of milliseconds, none to half an hour', () => {
    fc.assert(
      fc.property(reason, history, jitter, (why, before, chance) => {
        const decision = decideReconnect(why, before, chance);
        if (decision.kind === 'stop') return;
        expect(Number.isInteger(decision.delayMs)).toBe(true);
        expect(decision.delayMs).toBeGreaterThanOrEqual(0);
        expect(decision.delayMs).toBeLessThanOrEqual(LONGEST_MS);
      }),
    );
  });

  it('never tries again after it was forbidden, damaged or stopped', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('forbidden', 'journal_corrupt', 'stopped'),
        history,
        jitter,
        (why, before, chance) => {
          expect(decideReconnect(why, before, chance).kind).toBe('stop');
        },
      ),
    );
  });

  it('waits no shorter with more jitter, and takes the same decision', () => {
    fc.assert(
      fc.property(reason, history, jitter, jitter, (why, before, one, other) => {
        const less = decideReconnect(why, before, Math.min(one, other));
        const more = decideReconnect(why, before, Math.max(one, other));
        const delays = [less, more].map((each) => (each.kind === 'retry' ? each.delayMs : 0));
        expect(delays[1]).toBeGreaterThanOrEqual(delays[0] ?? 0);
        expect({ ...more, delayMs: 0 }).toEqual({ ...less, delayMs: 0 });
      }),
    );
  });

  it('waits no shorter after more attempts', () => {
    fc.assert(
      fc.property(reason, history, jitter, (why, before, chance) => {
        const now = decideReconnect(why, before, chance);
        const next = decideReconnect(why, { ...before, attempts: before.attempts + 1 }, chance);
        if (now.kind === 'stop' || next.kind === 'stop') return;
        expect(next.delayMs).toBeGreaterThanOrEqual(now.delayMs);
      }),
    );
  });

  it('erases the keys only when a device was refused twice', () => {
    fc.assert(
      fc.property(reason, history, jitter, (why, before, chance) => {
        const decision = decideReconnect(why, before, chance);
        const isErased = decision.kind === 'stop' && decision.erase;
        expect(isErased).toBe(why === 'logged_out' && before.refusals >= 1);
      }),
    );
  });
});

describe('historyAfter', () => {
  it('counts a connection that failed, and what was wrong with it', () => {
    const failedFor = (reason: CloseReason) => historyAfter({ reason, wasOpen: false }, FRESH);
    expect(failedFor('connection_lost')).toEqual({ ...FRESH, attempts: 1 });
    expect(failedFor('replaced')).toEqual({ ...FRESH, attempts: 1, conflicts: 1 });
    expect(failedFor('logged_out')).toEqual({ ...FRESH, attempts: 1, refusals: 1 });
    expect(failedFor('pairing_expired')).toEqual({ ...FRESH, attempts: 1, expiries: 1 });
  });

  it('counts a connection that had opened as one that did not hold', () => {
    expect(historyAfter({ reason: 'connection_lost', wasOpen: true }, FRESH)).toEqual({
      ...FRESH,
      attempts: 1,
      flaps: 1,
    });
  });
});

describe('historyOnOpen', () => {
  const busy: ReconnectHistory = { attempts: 9, flaps: 2, conflicts: 1, refusals: 1, expiries: 2 };

  it('forgets refusals and codes that ran out, and remembers conflicts', () => {
    expect(historyOnOpen(busy)).toEqual({ ...busy, attempts: 0, refusals: 0, expiries: 0 });
  });

  it('waits longer only for a line that broke more than five times', () => {
    const waitAfter = (flaps: number) =>
      delayOf('connection_lost', historyOnOpen({ ...busy, flaps }), 0);
    expect([0, 5, 6, 7, 8].map(waitAfter)).toEqual([250, 250, 500, 1_000, 2_000]);
  });
});
