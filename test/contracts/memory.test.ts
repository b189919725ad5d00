import { setTimeout } from 'node:timers/promises';
import { describe } from 'vitest';
import { MemoryBlobs } from '#simulation/storage/memory-blobs.ts';
import { MemoryQueue } from '#simulation/storage/memory-queue.ts';
import { MemoryTable } from '#simulation/storage/memory-table.ts';
import { listCases } from './blobs/list-cases.ts';
import { streamCases } from './blobs/stream-cases.ts';
import { writeCases } from './blobs/write-cases.ts';
import { queueContract } from './queue.contract.ts';
import { tableContract } from './table.contract.ts';

const now = () => new Date();

tableContract('the table in memory', async () => ({
  table: new MemoryTable({ now }),
  close: async () => undefined,
}));

queueContract('the queue in memory', async (settings) => {
  const sleep = (delayMs: number, signal: AbortSignal) =>
    setTimeout(delayMs, undefined, { signal });
  const queue = new MemoryQueue(settings, { now, sleep });
  return { queue, other: queue, close: async () => undefined };
});

/** Without the presigned URLs: nothing in a simulation calls them. */
describe('the blobs in memory', () => {
  const blobs = new MemoryBlobs();
  const get = () => blobs;
  describe('reading and writing', () => writeCases(get));
  describe('piece by piece', () => streamCases(get));
  describe('listing', () => listCases(get));
});
