import type { Blobs } from '#shared/storage/blobs.ts';
import type { Queue } from '#shared/storage/queue.ts';
import type { RunnerStorage } from '#shared/storage/storage.ts';
import type { Table } from '#shared/storage/table.ts';
import type { Fence } from './fence.ts';

type Guard = Pick<Fence, 'check'>;

/**
 * The storage as the sessions see it: it takes nothing any more once the fence is closed, and throws `RunnerFenced`.
 * As every ciphertext and every receipt waits for a record in the journal, nothing is sent then either.
 */
export function guardStorage(storage: RunnerStorage, fence: Guard): RunnerStorage {
  return {
    table: guardTable(storage.table, fence),
    mediaBlobs: guardBlobs(storage.mediaBlobs, fence),
    authBlobs: guardBlobs(storage.authBlobs, fence),
    keyWrap: storage.keyWrap,
    openQueue: (settings) => guardQueue(storage.openQueue(settings), fence),
    close: () => storage.close(),
  };
}

function guardTable(table: Table, fence: Guard): Table {
  return {
    get: (key) => table.get(key),
    query: (query) => table.query(query),
    write: async (...ops) => {
      fence.check();
      await table.write(...ops);
    },
    update: async (op) => {
      fence.check();
      return await table.update(op);
    },
  };
}

function guardBlobs(blobs: Blobs, fence: Guard): Blobs {
  return {
    get: (key) => blobs.get(key),
    stat: (key) => blobs.stat(key),
    read: (key) => blobs.read(key),
    list: (prefix, options) => blobs.list(prefix, options),
    put: async (key, bytes) => {
      fence.check();
      await blobs.put(key, bytes);
    },
    // Who is fenced in the middle writes nothing: a source that throws leaves no blob.
    write: async (key, source) => await blobs.write(key, whileOpen(source, fence)),
    putIfAbsent: async (key, bytes) => {
      fence.check();
      await blobs.putIfAbsent(key, bytes);
    },
    delete: async (key) => {
      fence.check();
      await blobs.delete(key);
    },
    presignUpload: (key, options) => blobs.presignUpload(key, options),
    presignDownload: (key, options) => blobs.presignDownload(key, options),
  };
}

async function* whileOpen(
  source: AsyncIterable<Uint8Array>,
  fence: Guard,
): AsyncGenerator<Uint8Array> {
  fence.check();
  for await (const piece of source) {
    fence.check();
    yield piece;
  }
  fence.check();
}

/** What came when it was too late is not acknowledged: it comes again, to the new owner. */
function guardQueue(queue: Queue, fence: Guard): Queue {
  return {
    send: async (message) => {
      fence.check();
      await queue.send(message);
    },
    receive: async (options) => {
      fence.check();
      const received = await queue.receive(options);
      fence.check();
      return received;
    },
  };
}
