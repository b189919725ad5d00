import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type EmbeddedStorage,
  openEmbeddedStorage,
} from '#shared/storage/embedded/open-embedded-storage.ts';
import { readAll } from '../../../contracts/table/aids.ts';
import { startChild } from './child.ts';
import {
  blobKeyOf,
  CRASH_QUEUE,
  CrashReport,
  logKeyOf,
  numberIn,
  textOf,
} from './fixtures/crash-plan.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROUNDS = 5;
const NUMBERS_PER_ROUND = 1_000_000;
/** Reports after which a round is killed: drawn anew each time, so that over time every moment is hit. */
const REPORTS = { min: 1, max: 400 };

type Accepted = Readonly<Record<CrashReport['kind'], number[]>>;

describe('a data folder whose writer was killed', () => {
  it('has everything that was accepted, and nothing torn', async () => {
    const dataDir = await temporaryFolder();
    const killAfter = fc.sample(fc.integer(REPORTS), ROUNDS);
    const accepted: Accepted = { table: [], queue: [], blob: [], log: [] };
    for (const [round, reports] of killAfter.entries()) {
      await writeUntilKilled(dataDir, { from: round * NUMBERS_PER_ROUND, reports, accepted });
      const storage = await openEmbeddedStorage({ dataDir });
      try {
        await expectTable(storage, accepted.table);
        await expectBlobs(storage, accepted);
      } finally {
        await storage.close();
      }
    }
    const storage = await openEmbeddedStorage({ dataDir });
    onTestFinished(async () => await storage.close());
    await expectQueue(storage, accepted.queue);
  });
});

async function writeUntilKilled(
  dataDir: string,
  { from, reports, accepted }: { from: number; reports: number; accepted: Accepted },
): Promise<void> {
  let count = 0;
  const child = startChild('crash-writer', [dataDir, String(from)], (message) => {
    const { kind, n } = CrashReport.parse(message);
    accepted[kind].push(n);
    count += 1;
    if (count === reports) child.kill();
  });
  expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
  expect(count).toBeGreaterThanOrEqual(reports);
}

async function expectTable({ table }: EmbeddedStorage, accepted: readonly number[]): Promise<void> {
  const left = await readAll(table, { index: 'primary', partition: 'left' });
  const right = await readAll(table, { index: 'primary', partition: 'right' });
  const numbers = new Set(left.map((item) => Number(item.sk)));
  expect(accepted.filter((n) => !numbers.has(n))).toEqual([]);
  expect(right.map((item) => item.sk)).toEqual(left.map((item) => item.sk));
  for (const item of [...left, ...right]) expect(item['text']).toBe(textOf(Number(item.sk)));
  const count = await table.get({ pk: 'count', sk: 'all' });
  expect(count?.['n'] ?? 0).toBe(left.length);
}

async function expectBlobs(
  { mediaBlobs: blobs }: EmbeddedStorage,
  accepted: Accepted,
): Promise<void> {
  for (const n of accepted.blob) {
    const found = await blobs.get(blobKeyOf(n));
    expect(found === undefined ? undefined : numberIn(found)).toBeGreaterThanOrEqual(n);
  }
  for (const n of accepted.log) {
    const found = await blobs.get(logKeyOf(n));
    expect(found === undefined ? undefined : numberIn(found)).toBe(n);
  }
  for await (const key of blobs.list('')) {
    const found = await blobs.get(key);
    if (found !== undefined) numberIn(found);
  }
}

/** Each accepted message once, in the order of its group; of the others, what was sent but not yet reported. */
async function expectQueue(storage: EmbeddedStorage, accepted: readonly number[]): Promise<void> {
  const queue = storage.openQueue(CRASH_QUEUE);
  const received: number[] = [];
  for (;;) {
    const messages = await queue.receive({ max: 10, waitMs: 0 });
    if (messages.length === 0) break;
    for (const { body } of messages) received.push(Number(body.split(' ')[0]));
    for (const [index, { body }] of messages.entries()) {
      expect(body).toBe(textOf(received[received.length - messages.length + index] ?? -1));
    }
    await Promise.all(messages.map((message) => message.ack()));
  }
  const found = new Set(received);
  expect(found.size).toBe(received.length);
  expect(accepted.filter((n) => !found.has(n))).toEqual([]);
  for (const group of [0, 1, 2]) {
    const ofGroup = received.filter((n) => n % 3 === group);
    expect(ofGroup).toEqual(ofGroup.toSorted((a, b) => a - b));
  }
}
