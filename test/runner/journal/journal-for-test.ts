import { randomBytes } from 'node:crypto';
import { FencedJournal, type FencedJournalDeps } from '#runner/journal/fenced-journal.ts';
import type { Opener } from '#runner/journal/journal-tail.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { FileKeyWrap } from '#shared/storage/embedded/file-key-wrap.ts';

const SECRET = Buffer.alloc(32, 7).toString('base64url');

/** The runner that holds the lease in most tests. */
export const A_RUNNER: Opener = { epoch: 1, writer: '00000000000000aa' };
/** The one that takes over from it. */
export const NEXT_RUNNER: Opener = { epoch: 2, writer: '00000000000000bb' };

/** What a journal needs besides: its keys are wrapped by a key that all tests share. */
export function journalDeps(blobs: Blobs, more: Partial<FencedJournalDeps> = {}) {
  const keyWrap = new FileKeyWrap(SECRET, randomBytes);
  return { blobs, keyWrap, randomBytes, now: () => new Date(), ...more };
}

/** A journal that was not opened yet. */
export function journalOf(
  blobs: Blobs,
  { instanceId = 'one', opener = A_RUNNER, ...more }: JournalOptions = {},
): FencedJournal {
  return new FencedJournal(instanceId, opener, journalDeps(blobs, more));
}

type JournalOptions = Partial<FencedJournalDeps> & {
  readonly instanceId?: string;
  readonly opener?: Opener;
};
