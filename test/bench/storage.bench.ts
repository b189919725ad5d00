/**
 * How fast the embedded storage is on this machine: `node test/bench/storage.bench.ts [folder]`. The folder decides
 * which disk is measured; nearly all of the time of a write is that disk's fsync.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EmbeddedStorage,
  openEmbeddedStorage,
} from '#shared/storage/embedded/open-embedded-storage.ts';
import { openSqliteDatabase } from '#shared/storage/embedded/sqlite-database.ts';
import type { QueueSettings } from '#shared/storage/queue.ts';

const OPS = 2_000;
const TEXT = 'x'.repeat(700);
const QUEUE: QueueSettings = { name: 'bench', kind: 'fifo', visibilityMs: 30_000, receivesMax: 3 };

type Case = {
  readonly name: string;
  readonly ops?: number;
  readonly inFlight: number;
  readonly run: (n: number) => Promise<unknown>;
};

async function measure({ name, ops = OPS, inFlight, run }: Case): Promise<void> {
  const latenciesMs: number[] = [];
  let next = 0;
  const startMs = performance.now();
  const lane = async () => {
    while (next < ops) {
      const n = next;
      next += 1;
      const opMs = performance.now();
      await run(n);
      latenciesMs.push(performance.now() - opMs);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const rate = Math.round((ops / (performance.now() - startMs)) * 1_000);
  print(name, { rate, latenciesMs });
}

function print(name: string, { rate, latenciesMs }: { rate: number; latenciesMs: number[] }): void {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2);
  const figures = `${String(rate).padStart(7)} ops/s   p50 ${at(0.5)} ms   p99 ${at(0.99)} ms`;
  process.stdout.write(`${name.padEnd(52)} ${figures}\n`);
}

async function measureCommits(folder: string): Promise<void> {
  for (const synchronous of ['FULL', 'NORMAL'] as const) {
    const path = join(folder, `${synchronous}.sqlite`);
    const migrations = ['CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT) STRICT'];
    const database = await openSqliteDatabase({ path, migrations, synchronous });
    const insert = (n: number) =>
      database.transact(() => database.statement('INSERT INTO t VALUES (?, ?)').run(n, TEXT));
    await measure({ name: `commit, synchronous=${synchronous}`, inFlight: 1, run: insert });
    await database.close();
  }
}

async function measureTable({ table }: EmbeddedStorage): Promise<void> {
  const put = (pk: string) => (n: number) =>
    table.write({ kind: 'put', item: { pk, sk: String(n), text: TEXT } });
  await measure({ name: 'table: put, one at a time', inFlight: 1, run: put('one') });
  await measure({ name: 'table: put, 32 at a time', inFlight: 32, run: put('many') });
  const accept = (n: number) =>
    table.write(
      {
        kind: 'put',
        item: { pk: `M#${n}`, sk: 'META', gsi1pk: 'I', gsi1sk: `${n}`, text: TEXT },
        condition: { kind: 'absent', field: 'pk' },
      },
      { kind: 'put', item: { pk: 'OUTBOX', sk: String(n) } },
    );
  await measure({ name: 'table: accept a message, 32 at a time', inFlight: 32, run: accept });
  const get = (n: number) => table.get({ pk: 'one', sk: String(n % OPS) });
  await measure({ name: 'table: get', inFlight: 1, run: get });
  const query = () => table.query({ index: 'gsi1', partition: 'I', newestFirst: true, limit: 20 });
  await measure({ name: 'table: query 20 of the index', inFlight: 1, run: query });
}

async function measureQueue(storage: EmbeddedStorage, other: EmbeddedStorage): Promise<void> {
  const queue = storage.openQueue(QUEUE);
  const cycle = async (n: number) => {
    await queue.send({ group: `g${n % 64}`, dedupId: `${n}`, body: TEXT });
    for (const message of await queue.receive({ max: 1, waitMs: 1_000 })) await message.ack();
  };
  await measure({ name: 'queue: send, receive, ack, one at a time', inFlight: 1, run: cycle });
  const later = (n: number) => cycle(n + OPS);
  await measure({ name: 'queue: send, receive, ack, 32 at a time', inFlight: 32, run: later });
  await measureWake(storage, other);
}

/** From an accepted send through one connection to its receipt through another one. */
async function measureWake(storage: EmbeddedStorage, other: EmbeddedStorage): Promise<void> {
  const queue = storage.openQueue({ ...QUEUE, name: 'wake' });
  const sender = other.openQueue({ ...QUEUE, name: 'wake' });
  const latenciesMs: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const receiving = queue.receive({ max: 1, waitMs: 10_000 });
    await sender.receive({ max: 1, waitMs: 15 });
    await sender.send({ group: 'g', dedupId: `${n}`, body: 'x' });
    const sentMs = performance.now();
    for (const message of await receiving) {
      latenciesMs.push(performance.now() - sentMs);
      await message.ack();
    }
  }
  print('queue: wake by another connection (latency only)', { rate: 0, latenciesMs });
}

async function measureBlobs({ mediaBlobs: blobs }: EmbeddedStorage): Promise<void> {
  const bytes = Buffer.alloc(4_096, 'x');
  const put = (n: number) => blobs.put(`put/${n % 100}`, bytes);
  const append = (n: number) => blobs.putIfAbsent(`log/${String(n).padStart(12, '0')}`, bytes);
  await measure({ name: 'blobs: put 4 KiB, one at a time', inFlight: 1, run: put });
  await measure({ name: 'blobs: putIfAbsent 4 KiB, one at a time', inFlight: 1, run: append });
  const many = (n: number) => append(n + OPS);
  await measure({ name: 'blobs: putIfAbsent 4 KiB, 16 at a time', inFlight: 16, run: many });
  await measure({ name: 'blobs: get', inFlight: 1, run: (n) => blobs.get(`put/${n % 100}`) });
}

const folder = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'storage-bench-'));
try {
  await measureCommits(folder);
  const dataDir = join(folder, 'data');
  const storage = await openEmbeddedStorage({ dataDir });
  const other = await openEmbeddedStorage({ dataDir });
  await measureTable(storage);
  await measureQueue(storage, other);
  await measureBlobs(storage);
  await other.close();
  await storage.close();
} finally {
  await rm(folder, { recursive: true });
}
