import { describe } from 'vitest';
import type { Blobs } from '#shared/storage/blobs.ts';
import { listCases } from './blobs/list-cases.ts';
import { presignCases } from './blobs/presign-cases.ts';
import { streamCases } from './blobs/stream-cases.ts';
import { writeCases } from './blobs/write-cases.ts';
import { opened } from './opened.ts';

export type OpenBlobs = () => Promise<{ readonly blobs: Blobs; close(): Promise<void> }>;

/** What every home's `Blobs` does. Each test works under a prefix of its own, so that one bucket serves all. */
export function blobsContract(name: string, open: OpenBlobs): void {
  describe(name, () => {
    const home = opened(open);
    const blobs = () => home().blobs;
    describe('reading and writing', () => writeCases(blobs));
    describe('piece by piece', () => streamCases(blobs));
    describe('listing', () => listCases(blobs));
    describe('presigned URLs', () => presignCases(blobs));
  });
}
