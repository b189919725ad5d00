import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toPathParts } from '#shared/storage/embedded/blob-path.ts';
import { expireBlobs } from '#shared/storage/embedded/expire-blobs.ts';
import { listAll } from '../../../contracts/blobs/aids.ts';
import { openForTest } from './open-for-test.ts';

const BEFORE = new Date('2026-11-22T10:00:00Z');
const OPTIONS = { prefixes: ['sent/', 'inbound/'], before: BEFORE, deletionsMax: 100 };

async function homeWith(ages: Readonly<Record<string, 'old' | 'young'>>) {
  const { dataDir, storage } = await openForTest();
  const blobs = storage.mediaBlobs;
  for (const [key, age] of Object.entries(ages)) {
    await blobs.put(key, Buffer.from(key));
    const written = new Date(BEFORE.getTime() + (age === 'old' ? -1_000 : 0));
    await utimes(join(dataDir, 'blobs', 'data', ...toPathParts(key)), written, written);
  }
  return blobs;
}

describe('expireBlobs', () => {
  it('deletes what is older under the prefixes, and nothing else', async () => {
    const blobs = await homeWith({
      'sent/i/1': 'old',
      'sent/i/2': 'young',
      'inbound/i/1': 'old',
      'inbound/j/1': 'old',
      'inbound/j/2': 'young',
      'attachments/a/1': 'old',
      'auth/i/j/1': 'old',
      'sentinel/i': 'old',
    });
    expect(await expireBlobs(blobs, OPTIONS)).toBe(3);
    expect(await listAll(blobs, '')).toEqual([
      'attachments/a/1',
      'auth/i/j/1',
      'inbound/j/2',
      'sent/i/2',
      'sentinel/i',
    ]);
    expect(await expireBlobs(blobs, OPTIONS)).toBe(0);
  });

  it('leaves the rest to the next pass when there is too much', async () => {
    const blobs = await homeWith({ 'inbound/1': 'old', 'sent/1': 'old', 'sent/2': 'old' });
    expect(await expireBlobs(blobs, { ...OPTIONS, deletionsMax: 2 })).toBe(2);
    expect(await listAll(blobs, '')).toHaveLength(1);
    expect(await expireBlobs(blobs, { ...OPTIONS, deletionsMax: 2 })).toBe(1);
  });

  it('ends when it is told to', async () => {
    const blobs = await homeWith({ 'sent/1': 'old' });
    expect(await expireBlobs(blobs, { ...OPTIONS, signal: AbortSignal.abort() })).toBe(0);
    expect(await listAll(blobs, '')).toEqual(['sent/1']);
  });

  it('has nothing to do in an empty home', async () => {
    expect(await expireBlobs(await homeWith({}), OPTIONS)).toBe(0);
  });
});
