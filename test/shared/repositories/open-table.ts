import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import type { Table } from '#shared/storage/table.ts';

export type OpenTable = {
  readonly table: Table;
  /** What the table takes for now; a test sets it. */
  readonly clock: { now: Date };
  close(): Promise<void>;
};

/** A fresh table of the embedded home. */
export async function openTable(): Promise<OpenTable> {
  const dataDir = await mkdtemp(join(tmpdir(), 'whatsapp-bots-table-'));
  const clock = { now: new Date() };
  const storage = await openEmbeddedStorage({ dataDir, now: () => clock.now });
  return {
    table: storage.table,
    clock,
    async close() {
      await storage.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** All that an async iterator gives. */
export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** 24 hex digits that are another's for another number. */
export function anId(number: number): string {
  return number.toString(16).padStart(24, '0');
}
