import { LogOvertaken } from '#runner/journal/auth-log.ts';
import { applyChanges, type Changes, encodeChanges } from '#runner/journal/changes.ts';
import { FencedJournal } from '#runner/journal/fenced-journal.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { blobsWith } from '../storage/blobs-with.ts';
import { MemoryBlobs } from '../storage/memory-blobs.ts';
import { MemoryKeyWrap } from '../storage/memory-key-wrap.ts';
import { Chance } from '../time/chance.ts';
import { VirtualTime } from '../time/virtual-time.ts';
import { withoutCovered, withoutFences } from './unsafe-journal.ts';

/** What keeps a journal one line, and can be left out of a race, which must notice then. */
export const JOURNAL_SAFEGUARDS = ['fence', 'covered_kept'] as const;
export type JournalSafeguard = (typeof JOURNAL_SAFEGUARDS)[number];

/** In words, for a table. */
export const JOURNAL_SAFEGUARD_WORDS: Readonly<Record<JournalSafeguard, string>> = {
  fence:
    'the FENCE: who opens a journal takes its next number, so that an older writer finds it taken',
  covered_kept: 'covered records stay 48 hours: the place of one is never free for a late writer',
};

export type RaceOptions = { readonly seed: number; readonly without?: JournalSafeguard };
/** `violation` says in words what was broken. */
export type RaceOutcome = { readonly steps: number; readonly violation: string | undefined };

const INSTANCE_ID = '6b0000000000000000000001';
const EPOCH_MS = Date.parse('2026-11-22T12:00:00Z');
const WRITERS = 3;
const STEPS_MAX = 12;
const NEXT_WRITER_MS = 400;
const REQUEST_MS = 20;
const THINKING_MS = 60;
/** A writer is stopped now and then, for up to a minute: by then the others have long gone on. */
const PAUSE_SHARE = 0.06;
const PAUSE_MS = 60_000;
const COMPACT_SHARE = 0.25;
const RACE_MS_MAX = 2 * 3_600_000;

/**
 * Several writers of one journal, by the real code, each of whom takes himself for the owner: a newer one comes while
 * the older ones still write, and every request takes its time. Promised is: once a newer writer has opened the
 * journal, no older one adds to it; and what was acknowledged is there in the end.
 */
export async function race({ seed, without }: RaceOptions): Promise<RaceOutcome> {
  const track = new Track(seed, without);
  const writers = Array.from({ length: WRITERS }, (_, index) => track.write(index + 1));
  let isOver = false;
  const all = Promise.all(writers).then(() => {
    isOver = true;
  });
  await track.time.runUntil(RACE_MS_MAX, () => isOver);
  await all;
  await track.checkEnd();
  return { steps: track.steps, violation: track.violation };
}

class Track {
  readonly time = new VirtualTime();
  steps = 0;
  violation: string | undefined;
  readonly #chance: Chance;
  readonly #blobs: Blobs;
  readonly #acknowledged: string[] = [];
  /** The newest writer that has opened the journal. */
  #newest = 0;

  constructor(seed: number, without: JournalSafeguard | undefined) {
    this.#chance = new Chance(seed);
    const blobs = new MemoryBlobs();
    this.#blobs = unsafe(blobs, without);
  }

  /** A writer's whole life, with its epoch. */
  async write(epoch: number): Promise<void> {
    const log = this.#open(epoch, this.#slow());
    await this.#sleep((epoch - 1) * this.#chance.between(0, NEXT_WRITER_MS));
    try {
      const state = await log.open();
      this.#newest = Math.max(this.#newest, epoch);
      for (let step = 0; step < STEPS_MAX && this.violation === undefined; step += 1) {
        await this.#step(`${epoch}.${step}`, { epoch, log, state });
      }
    } catch (cause) {
      if (!(cause instanceof LogOvertaken)) this.violation ??= `Writer ${epoch} ends: ${cause}`;
    }
  }

  /** By a writer that comes when all others have ended. */
  async checkEnd(): Promise<void> {
    if (this.violation !== undefined) return;
    const state = await this.#open(WRITERS + 1, this.#blobs).open();
    const lost = this.#acknowledged.find((name) => state['steps']?.[name] === undefined);
    if (lost !== undefined) this.violation = `Step ${lost} was acknowledged, and is not there.`;
  }

  async #step(
    name: string,
    { epoch, log, state }: { epoch: number; log: FencedJournal; state: Changes },
  ): Promise<void> {
    await this.#sleep(this.#chance.between(0, THINKING_MS));
    if (this.#chance.hits(PAUSE_SHARE)) await this.#sleep(this.#chance.between(0, PAUSE_MS));
    const newestBefore = this.#newest;
    const changes: Changes = { steps: { [name]: true } };
    await log.append(changes);
    this.steps += 1;
    this.#acknowledged.push(name);
    if (newestBefore > epoch) {
      this.violation ??= `Writer ${epoch} adds to the journal, which ${newestBefore} has opened.`;
    }
    applyChanges(state, changes);
    if (this.#chance.hits(COMPACT_SHARE)) await log.compact(encodeChanges(state));
  }

  #open(epoch: number, blobs: Blobs): FencedJournal {
    const chance = this.#chance.fork();
    const opener = { epoch, writer: chance.hex(16) };
    return new FencedJournal(INSTANCE_ID, opener, {
      blobs,
      keyWrap: new MemoryKeyWrap(chance),
      randomBytes: (size) => Buffer.from(chance.hex(2 * size), 'hex'),
      now: () => new Date(EPOCH_MS + Math.floor(this.time.nowMs)),
    });
  }

  /** Every request takes its time to the blobs, and every answer back. */
  #slow(): Blobs {
    const blobs = this.#blobs;
    const slowly = async <T>(ask: () => Promise<T>): Promise<T> => {
      await this.#sleep(this.#chance.between(0, REQUEST_MS));
      try {
        return await ask();
      } finally {
        await this.#sleep(this.#chance.between(0, REQUEST_MS));
      }
    };
    return blobsWith(blobs, {
      get: (key) => slowly(() => blobs.get(key)),
      put: (key, bytes) => slowly(() => blobs.put(key, bytes)),
      putIfAbsent: (key, bytes) => slowly(() => blobs.putIfAbsent(key, bytes)),
      delete: (key) => slowly(() => blobs.delete(key)),
    });
  }

  async #sleep(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => this.time.after(delayMs, resolve));
  }
}

function unsafe(blobs: Blobs, without: JournalSafeguard | undefined): Blobs {
  switch (without) {
    case 'fence':
      return withoutFences(blobs);
    case 'covered_kept':
      return withoutCovered(blobs);
    case undefined:
      return blobs;
  }
}
