import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobHandler } from '#shared/storage/embedded/blob-handler.ts';
import {
  type EmbeddedStorage,
  openEmbeddedStorage,
} from '#shared/storage/embedded/open-embedded-storage.ts';
import type { OpenBlobs } from './blobs.contract.ts';
import type { OpenKeyWrap } from './key-wrap.contract.ts';
import type { OpenQueue } from './queue.contract.ts';
import type { OpenTable } from './table.contract.ts';

const UPLOAD_BYTES_MAX = 1_048_576;

type Opened = { readonly dataDir: string; readonly storage: EmbeddedStorage };

export const openEmbeddedTable: OpenTable = async () => {
  const { dataDir, storage } = await openFresh();
  return { table: storage.table, close: () => discard({ dataDir, storage }) };
};

/** The two handles have a connection each, as in two processes. */
export const openEmbeddedQueue: OpenQueue = async (settings) => {
  const { dataDir, storage } = await openFresh();
  const second = await openEmbeddedStorage({ dataDir });
  const named = { name: 'queue', ...settings };
  return {
    queue: storage.openQueue(named),
    other: second.openQueue(named),
    close: async () => {
      await second.close();
      await discard({ dataDir, storage });
    },
  };
};

/** With a server of its own, on which the presigned URLs work. */
export const openEmbeddedBlobs: OpenBlobs = async () => {
  const server = createServer();
  const baseUrl = await listen(server);
  const { dataDir, storage } = await openFresh(baseUrl);
  const handle = blobHandler({ blobs: storage.mediaBlobs, bodyBytesMax: UPLOAD_BYTES_MAX });
  server.on('request', (request, response) => {
    handle(request, response).catch((cause: unknown) => response.destroy(toError(cause)));
  });
  return {
    blobs: storage.mediaBlobs,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await discard({ dataDir, storage });
    },
  };
};

export const openEmbeddedKeyWrap: OpenKeyWrap = async () => {
  const { dataDir, storage } = await openFresh();
  const second = await openEmbeddedStorage({ dataDir });
  const stranger = await openFresh();
  return {
    keyWrap: storage.keyWrap,
    again: second.keyWrap,
    stranger: stranger.storage.keyWrap,
    close: async () => {
      await second.close();
      await discard(stranger);
      await discard({ dataDir, storage });
    },
  };
};

async function openFresh(baseUrl?: string): Promise<Opened> {
  const dataDir = await mkdtemp(join(tmpdir(), 'embedded-home-'));
  const options = baseUrl === undefined ? { dataDir } : { dataDir, baseUrl };
  return { dataDir, storage: await openEmbeddedStorage(options) };
}

async function discard({ dataDir, storage }: Opened): Promise<void> {
  await storage.close();
  await rm(dataDir, { recursive: true });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}

function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error('The handler failed.', { cause });
}
