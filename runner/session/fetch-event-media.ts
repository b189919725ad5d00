import type { Dispatcher } from 'undici';
import type { Blobs } from '#shared/storage/blobs.ts';
import { atMost } from '../at-most.ts';
import type { EventMedia } from '../inbound/event-media.ts';
import type { InboundMessage } from '../inbound/inbound-message.ts';
import { fetchInboundMedia } from '../media/fetch-inbound-media.ts';
import type { WhatsAppSocket } from './whatsapp-socket.ts';

/** Whoever wants the file later asks `GET /whatsapp/media/{id}` for a new URL: one that a role signs lives no longer. */
const URL_VALID_MS = 3_600_000;
/** Files on their way to one runner at the same time. */
const UNDER_WAY_MAX = 16;
/** A message that was kept over a restart is read before the session is up. */
const CONNECT_TIMEOUT_MS = 30_000;

export type EventMediaDeps = {
  readonly blobs: Blobs;
  /** To WhatsApp's own media hosts. */
  readonly mediaDispatcher: Dispatcher;
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
};

/** How a session fetches the file of a message that came in. `connected` is its socket, once that is open. */
export type FetchEventMedia = (
  instanceId: string,
  message: InboundMessage,
  connected: () => Promise<WhatsAppSocket>,
) => Promise<EventMedia | undefined>;

/** Never rejects: an event that tells of a lost file is better than none. */
export function eventMediaFetching(deps: EventMediaDeps): FetchEventMedia {
  const bounded = atMost(UNDER_WAY_MAX);
  return async (instanceId, message, connected) => {
    if (message.content.media === undefined) return undefined;
    try {
      return await bounded(() => fetchNow(instanceId, message, { connected, deps }));
    } catch {
      return UNAVAILABLE;
    }
  };
}

const UNAVAILABLE: EventMedia = {
  kind: 'failed',
  code: 'media_unavailable',
  message: 'The file could not be fetched or stored.',
};

async function fetchNow(
  instanceId: string,
  { waId, content }: InboundMessage,
  { connected, deps }: { connected: () => Promise<WhatsAppSocket>; deps: EventMediaDeps },
): Promise<EventMedia | undefined> {
  const { media: reference } = content;
  if (reference === undefined) return undefined;
  const { blobs, mediaDispatcher, sleep } = deps;
  const outcome = await fetchInboundMedia(
    { instanceId, waId, reference },
    {
      blobs,
      dispatcher: mediaDispatcher,
      mediaConnection: async (options) => {
        const socket = await inTime(connected(), sleep);
        return await socket.mediaConnection(options);
      },
      sleep,
    },
  );
  if (outcome.kind === 'failed') return outcome;
  const { key, bytes, sha256, mimetype } = outcome;
  const { fileName } = content;
  const link = await blobs.presignDownload(key, {
    expiresInMs: URL_VALID_MS,
    ...(fileName !== undefined && { fileName }),
  });
  const id = key.slice(key.lastIndexOf('/') + 1);
  const { url, expiresAt: urlExpiresAt } = link;
  return { kind: 'stored', id, url, urlExpiresAt, bytes, sha256, mimetype };
}

async function inTime<T>(promise: Promise<T>, sleep: EventMediaDeps['sleep']): Promise<T> {
  const over = new AbortController();
  const timeout = sleep(CONNECT_TIMEOUT_MS, over.signal).then(() => {
    throw new Error('The session was not connected in time.');
  });
  // Whichever is later has nobody to hear of it.
  timeout.catch(() => undefined);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    over.abort();
  }
}
