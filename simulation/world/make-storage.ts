import { keys } from '#shared/repositories/keys.ts';
import type { QueueSettings } from '#shared/storage/queue.ts';
import type { RunnerStorage } from '#shared/storage/storage.ts';
import type { Item, Key } from '#shared/storage/table.ts';
import { MemoryBlobs } from '../storage/memory-blobs.ts';
import { MemoryKeyWrap } from '../storage/memory-key-wrap.ts';
import { MemoryQueue } from '../storage/memory-queue.ts';
import { MemoryTable } from '../storage/memory-table.ts';
import type { Chance } from '../time/chance.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Ledger } from './ledger.ts';
import type { Story } from './story.ts';

/** When the simulations take place by the services' clocks. */
export const EPOCH_MS = Date.parse('2026-11-22T12:00:00Z');
/** A record of a journal, by its key. */
const RECORD_KEY = /^auth\/.*\/(log|j)\/\d+$/;

export type WorldStorage = RunnerStorage & { readonly table: MemoryTable };

type StorageDeps = {
  readonly chance: Chance;
  readonly time: VirtualTime;
  readonly ledger: Ledger;
  readonly story: Story;
};

/** The storage that all runners share, watched for what must never be written. */
export function makeStorage(deps: StorageDeps): WorldStorage {
  const { time, chance } = deps;
  const now = () => new Date(EPOCH_MS + Math.floor(time.nowMs));
  const queues = new Map<string, MemoryQueue>();
  const watch = new StorageWatch(deps);
  const table: MemoryTable = new MemoryTable({
    now,
    onChange: ({ key, before, after }) => watch.onItem(key, { before, after, table }),
  });
  return {
    table,
    mediaBlobs: new MemoryBlobs(),
    authBlobs: new MemoryBlobs({ onPut: (key) => watch.onBlob(key) }),
    keyWrap: new MemoryKeyWrap(chance),
    openQueue: (settings) => openQueue(queues, settings, { now, time }),
    close: async () => undefined,
  };
}

function openQueue(
  queues: Map<string, MemoryQueue>,
  settings: QueueSettings,
  { now, time }: { now: () => Date; time: VirtualTime },
): MemoryQueue {
  const existing = queues.get(settings.name);
  if (existing) return existing;
  const sleep = async (delayMs: number, signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = time.after(delayMs, resolve);
    const abort = () => {
      cancel();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    await promise;
    signal.removeEventListener('abort', abort);
  };
  const queue = new MemoryQueue(settings, { now, sleep });
  queues.set(settings.name, queue);
  return queue;
}

type Changed = { before: Item | undefined; after: Item | undefined; table: MemoryTable };

/** Sees every write, and knows which must never be. */
class StorageWatch {
  readonly #deps: StorageDeps;
  readonly #records = new Set<string>();
  /** By shard and epoch. */
  readonly #owners = new Map<string, string>();

  constructor(deps: StorageDeps) {
    this.#deps = deps;
  }

  onBlob(key: string): void {
    if (!RECORD_KEY.test(key)) return;
    if (this.#records.has(key)) {
      this.#deps.ledger.break('slot_written_once', `The record ${key} is written a second time.`);
    }
    this.#records.add(key);
  }

  onItem(key: Key, { before, after, table }: Changed): void {
    if (key.pk !== keys.lease(0).pk || after?.['state'] !== 'HELD') return;
    const { ledger, story } = this.#deps;
    const shard = Number(after['shard']);
    const epoch = Number(after['epoch']);
    const owner = String(after['owner']);
    const name = `${shard}|${epoch}`;
    const known = this.#owners.get(name);
    this.#owners.set(name, owner);
    if (known !== undefined && known !== owner) {
      const words = `${known} and ${owner} hold shard ${shard} in epoch ${epoch}.`;
      ledger.break('one_owner_an_epoch', words);
    }
    if (before?.['epoch'] === epoch && before['owner'] === owner) return;
    ledger.count('claims');
    story.tell(() => `${owner} claims shard ${shard} in epoch ${epoch}`);
    if (before?.['state'] === 'HELD') this.#checkTakeover(String(before['owner']), owner, table);
  }

  #checkTakeover(from: string, by: string, table: MemoryTable): void {
    const { ledger } = this.#deps;
    ledger.count('takeovers');
    const state = table.peek(keys.runner(from))?.['state'];
    if (state === undefined || state === 'DEAD') return;
    ledger.break('dead_before_claim', `${by} takes a shard of ${from}, which is ${state}.`);
  }
}
