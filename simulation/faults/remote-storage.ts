import type { Blobs } from '#shared/storage/blobs.ts';
import type { Queue, Received, ReceiveOptions } from '#shared/storage/queue.ts';
import type { RunnerStorage } from '#shared/storage/storage.ts';
import type { Table } from '#shared/storage/table.ts';
import type { Link } from './link.ts';

export type StorageLinks = {
  readonly table: Link;
  readonly blobs: Link;
  readonly queue: Link;
  readonly keys: Link;
};

/** The storage as one machine sees it: at the end of links. */
export function remoteStorage(storage: RunnerStorage, links: StorageLinks): RunnerStorage {
  return {
    table: remoteTable(storage.table, links.table),
    mediaBlobs: remoteBlobs(storage.mediaBlobs, links.blobs),
    authBlobs: remoteBlobs(storage.authBlobs, links.blobs),
    keyWrap: {
      generate: (context) => links.keys.call(() => storage.keyWrap.generate(context)),
      unwrap: (wrapped, context) => links.keys.call(() => storage.keyWrap.unwrap(wrapped, context)),
    },
    openQueue: (settings) => remoteQueue(storage.openQueue(settings), links.queue),
    close: async () => undefined,
  };
}

function remoteTable(table: Table, link: Link): Table {
  return {
    get: (key) => link.call(() => table.get(key)),
    query: (query) => link.call(() => table.query(query)),
    write: (...ops) => link.call(() => table.write(...ops)),
    update: (op) => link.call(() => table.update(op)),
  };
}

function remoteBlobs(blobs: Blobs, link: Link): Blobs {
  return {
    get: (key) => link.call(() => blobs.get(key)),
    stat: (key) => link.call(() => blobs.stat(key)),
    read: (key) => link.call(() => blobs.read(key)),
    put: (key, bytes) => link.call(() => blobs.put(key, bytes)),
    write: (key, source) => link.call(() => blobs.write(key, source)),
    putIfAbsent: (key, bytes) => link.call(() => blobs.putIfAbsent(key, bytes)),
    list: async function* (prefix, options) {
      yield* await link.call(() => Array.fromAsync(blobs.list(prefix, options)));
    },
    delete: (key) => link.call(() => blobs.delete(key)),
    presignUpload: (key, options) => blobs.presignUpload(key, options),
    presignDownload: (key, options) => blobs.presignDownload(key, options),
  };
}

function remoteQueue(queue: Queue, link: Link): Queue {
  return {
    send: (message) => link.call(() => queue.send(message)),
    receive: (options) => receive(queue, link, options),
  };
}

/** Whoever stops waiting tells the service, which may have given a message away just then. */
async function receive(
  queue: Queue,
  link: Link,
  { signal, ...options }: ReceiveOptions,
): Promise<readonly Received[]> {
  if (signal?.aborted) return [];
  const gone = new AbortController();
  const { promise: stopped, resolve: stop } = Promise.withResolvers<readonly Received[]>();
  const abort = () => {
    gone.abort();
    stop([]);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const received = link.call(() => queue.receive({ ...options, signal: gone.signal }));
    const messages = await Promise.race([received, stopped]);
    return messages.map((message) => remoteMessage(message, link));
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function remoteMessage(message: Received, link: Link): Received {
  return {
    ...message,
    ack: () => link.call(() => message.ack()),
    extend: (visibilityMs) => link.call(() => message.extend(visibilityMs)),
    release: (delayMs) => link.call(() => message.release(delayMs)),
  };
}
