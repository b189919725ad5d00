import { bothModel } from './both-model.ts';
import type { Model } from './explore.ts';
import { type JournalRules, journalModel } from './journal/journal-model.ts';
import { leaseModel } from './lease/lease-model.ts';
import type { LeaseRules } from './lease/lease-rules.ts';

/** Whose rules, and what comes of them. */
export type Variant = {
  readonly of: 'journal' | 'leases' | 'both';
  readonly name: string;
  readonly runners: number;
  /** Of the journal. */
  readonly bounds?: { readonly slots: number; readonly epochs: number };
  /** `holds`, or the promise that is broken. */
  readonly expected: string;
  // What the states are like is the model's own business.
  readonly model: Model<unknown>;
};

export type Size = 'fast' | 'full';

const JOURNAL: JournalRules = {
  fence: true,
  loadChecksEpoch: true,
  writeBeforeWire: true,
  deletion: 'late',
  slotsMax: 3,
  epochsMax: 2,
  retriesMax: 1,
};

/** 10 s and 13 s (`runner/placement/fence.ts`, ADR 7) with a margin in which both clocks may be a tick off. */
const LEASES: LeaseRules = {
  ownTicks: 2,
  observeTicks: 4,
  driftTicks: 1,
  deadline: true,
  checkIsAct: true,
  claimChecksDead: true,
  deadComparesBeat: true,
  readsAreCurrent: false,
};
/** The same with the least that shows it, for three runners, or for two and a journal. */
const SHORT: Partial<LeaseRules> = { ownTicks: 1, observeTicks: 3 };
/** With clocks that are right. */
const SHORTEST: Partial<LeaseRules> = { ownTicks: 1, observeTicks: 1, driftTicks: 0 };

const TWICE = 'a slot is written twice';
const LATE = 'an earlier owner writes after a later one has begun';
const BACK = 'an epoch is lower than the one before';
const FORK = 'two ciphertexts leave from one position of a ratchet';
const ACTS = 'a runner acts after another has claimed its lease';

/** As it is designed, and with one rule less at a time: each that is dropped has to be missed. */
export function variantsOf(size: Size): Variant[] {
  return [...journalVariants(size), ...leaseVariants(size), ...bothVariants(size)];
}

function journalVariants(size: Size): Variant[] {
  const larger = size === 'full' ? { slotsMax: 4, epochsMax: 3 } : {};
  const three = { epochsMax: 3, retriesMax: 0, ...larger };
  return [
    ofJournal('(a) as designed', 'holds', 2, larger),
    ofJournal('(a) as designed', 'holds', 3, three),
    ofJournal('(b) no FENCE', LATE, 2, { fence: false }),
    ofJournal('(c) no write before wire', FORK, 2, { writeBeforeWire: false }),
    ofJournal('(d) covered slots deleted early', TWICE, 2, { deletion: 'early' }),
    ofJournal('(j) a load that minds no later owner', BACK, 2, { loadChecksEpoch: false }),
  ];
}

function leaseVariants(size: Size): Variant[] {
  const two = size === 'full' ? {} : SHORT;
  const three = size === 'full' ? SHORT : SHORTEST;
  const noDead = { claimChecksDead: false };
  const noCompare = { deadComparesBeat: false };
  const current = { readsAreCurrent: true };
  return [
    ofLeases('(a) as designed', 'holds', 2, two),
    ofLeases('(a) as designed', 'holds', 3, three),
    ofLeases('(e) no deadline', ACTS, 2, { ...two, deadline: false }),
    ofLeases('(f) a claim without DEAD', ACTS, 2, { ...two, ...noDead }),
    ofLeases('(f) … where every read is current', 'holds', 2, { ...two, ...noDead, ...current }),
    ofLeases('(g) DEAD without the beat seen', ACTS, 2, { ...two, ...noCompare }),
    ofLeases('(g) … where every read is current', 'holds', 2, {
      ...two,
      ...noCompare,
      ...current,
    }),
    ofLeases('(h) clocks further off than the margin', ACTS, 2, { ...two, driftTicks: 2 }),
    ofLeases('(i) a pause between check and act', ACTS, 2, { ...two, checkIsAct: false }),
  ];
}

function bothVariants(size: Size): Variant[] {
  const lease = size === 'full' ? SHORT : SHORTEST;
  const journal: Partial<JournalRules> = { retriesMax: 0, deletion: 'never' };
  const tight: Partial<JournalRules> = { ...journal, slotsMax: 2 };
  const noDeadline = { ...SHORTEST, deadline: false };
  return [
    ofBoth('(a) as designed', 'holds', { journal, lease }),
    ofBoth('(b) no FENCE', LATE, { journal: { ...journal, fence: false }, lease }),
    ofBoth('(c) no write before wire', FORK, {
      journal: { ...journal, writeBeforeWire: false },
      lease,
    }),
    // Half of the states of all of these.
    ...(size === 'full'
      ? [ofBoth('(e) no deadline', 'holds', { journal: tight, lease: noDeadline })]
      : []),
  ];
}

function ofJournal(
  name: string,
  expected: string,
  runners: number,
  changed: Partial<JournalRules>,
): Variant {
  const rules = { ...JOURNAL, ...changed };
  const model = journalModel(runners, rules);
  return { of: 'journal', name, runners, bounds: boundsOf(rules), expected, model };
}

function ofLeases(
  name: string,
  expected: string,
  runners: number,
  changed: Partial<LeaseRules>,
): Variant {
  const model = leaseModel(runners, { ...LEASES, ...changed });
  return { of: 'leases', name, runners, expected, model };
}

function ofBoth(
  name: string,
  expected: string,
  changed: { readonly journal: Partial<JournalRules>; readonly lease: Partial<LeaseRules> },
): Variant {
  const journal = { ...JOURNAL, ...changed.journal };
  const lease = { ...LEASES, ...changed.lease };
  const model = bothModel(2, { journal, lease });
  return { of: 'both', name, runners: 2, bounds: boundsOf(journal), expected, model };
}

function boundsOf({ slotsMax, epochsMax }: JournalRules): { slots: number; epochs: number } {
  return { slots: slotsMax, epochs: epochsMax };
}
