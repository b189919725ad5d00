import { describe, expect, it } from 'vitest';
import { bothModel } from '../../model/both-model.ts';
import { explore, type Model } from '../../model/explore.ts';
import { type JournalRules, journalModel } from '../../model/journal/journal-model.ts';
import { startOfLease, stepsOfLease } from '../../model/lease/lease-model.ts';
import type { LeaseRules } from '../../model/lease/lease-rules.ts';
import { type LeaseState, mayAct } from '../../model/lease/lease-state.ts';

const JOURNAL: JournalRules = {
  fence: true,
  loadChecksEpoch: true,
  writeBeforeWire: true,
  deletion: 'late',
  slotsMax: 4,
  epochsMax: 2,
  retriesMax: 1,
};
const LEASES: LeaseRules = {
  ownTicks: 1,
  observeTicks: 3,
  driftTicks: 1,
  deadline: true,
  checkIsAct: true,
  claimChecksDead: true,
  deadComparesBeat: true,
  readsAreCurrent: false,
};

/** The shortest way to a state; empty when there is none. That nothing bad happens is worth little if nothing does. */
function wayTo<State>(model: Model<State>, isThere: (state: State) => boolean): readonly string[] {
  const goal = { ...model, breachIn: (state: State) => (isThere(state) ? 'there' : undefined) };
  const found = explore(goal, { statesMax: 200_000 });
  return found.kind === 'broken' ? found.trace : [];
}

describe('the journal as designed', () => {
  it('goes on under a new owner, from the ratchet that the last one left', () => {
    const way = wayTo(journalModel(2, JOURNAL), ({ wire }) => wire === '12');
    expect(way).toContain('B asks to write its FENCE to slot 2');
  });

  it('takes its own bytes for a success whose answer was lost', () => {
    const way = wayTo(journalModel(1, JOURNAL), ({ retriesLeft, flight, wire }) => {
      return retriesLeft === 0 && flight.length === 0 && wire === '1';
    });
    expect(way).toContain('A hears nothing and asks again');
  });

  it('lets a FENCE pass behind the last PUT of an earlier owner', () => {
    const way = wayTo(journalModel(2, JOURNAL), ({ written }) => written === 'F1D1F2');
    expect(way.length).toBeGreaterThan(0);
  });

  it('deletes slots, and recovers from the snapshot that covers them', () => {
    const way = wayTo(journalModel(2, JOURNAL), ({ deleted, began }) => deleted > 0 && began === 2);
    expect(way).toContain('slot 0 is deleted, as the snapshot covers it');
  });

  it('closes cleanly', () => {
    const way = wayTo(journalModel(1, JOURNAL), ({ written, acknowledged }) => {
      return written === 'F1C1' && acknowledged === 2;
    });
    expect(way.at(-1)).toBe('A learns that C1 is written');
  });
});

/** Leases whose steps are counted if they are so called, and left out if they are called otherwise. */
function counting(counted: RegExp, without: RegExp): Model<readonly [LeaseState, number]> {
  return {
    initial: [startOfLease(2), 0],
    steps: ([lease, count]) =>
      stepsOfLease(lease, LEASES)
        .filter(({ does }) => !without.test(does))
        .map(({ does, to }) => ({ does, to: [to, count + Number(counted.test(does))] })),
    keyOf: (state) => JSON.stringify(state),
    breachIn: () => undefined,
  };
}

describe('leases as designed', () => {
  it('are taken over from one that fell silent', () => {
    const leases = counting(/claim is written/, /killed|known to have ended|gives the lease back/);
    const way = wayTo(leases, ([{ runners }, claims]) => claims === 2 && runners.some(mayAct));
    expect(way.some((does) => /declares \w dead: written/.test(does))).toBe(true);
  });

  it('are handed over by one that lives on', () => {
    const leases = counting(/claim is written/, /killed|declares/);
    const way = wayTo(leases, ([{ runners }, claims]) => {
      return claims === 2 && runners.every(({ process }) => process === 'up');
    });
    expect(way.some((does) => does.endsWith('gives the lease back: written'))).toBe(true);
  });

  it('are kept for longer than one deadline by a runner whose heartbeats are good', () => {
    const leases = counting(/a tick goes by/, /killed|declares|known to have ended/);
    const way = wayTo(leases, ([{ runners }, ticks]) => ticks === 4 && runners.some(mayAct));
    expect(way.some((does) => does.endsWith('learns that its heartbeat was good'))).toBe(true);
  });
});

describe('both as designed', () => {
  it('send under one owner and then under the next', () => {
    const journal: JournalRules = { ...JOURNAL, retriesMax: 0, deletion: 'never' };
    const lease: LeaseRules = { ...LEASES, ownTicks: 1, observeTicks: 1, driftTicks: 0 };
    const way = wayTo(bothModel(2, { lease, journal }), (state) => state.journal.wire === '12');
    expect(way.length).toBeGreaterThan(0);
  });
});
