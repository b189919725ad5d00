import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { MEDIA_BYTES_MAX } from '#shared/domain/media-type.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import type { InboundMediaReference } from '../inbound/inbound-message.ts';
import type { WhatsAppSocket } from '../session/whatsapp-socket.ts';
import { downloadMedia } from './download-media.ts';
import { decryptMedia } from './media-cipher.ts';
import { asFailure, MediaFailed, type MediaFailure, MediaUnavailable } from './media-failed.ts';

const TRIES_MAX = 3;
const RETRY_DELAY_MS = 1_000;
/** All tries together. */
const FETCH_TIMEOUT_MS = 120_000;

/** A message with a file, that reached an instance. */
export type InboundMedia = {
  readonly instanceId: string;
  readonly waId: string;
  readonly reference: InboundMediaReference;
};

export type InboundMediaOutcome =
  | {
      readonly kind: 'stored';
      readonly key: string;
      readonly bytes: number;
      /** Of the file, in hex. */
      readonly sha256: string;
      /** As its sender says. */
      readonly mimetype: string;
    }
  | MediaFailure;

export type InboundMediaDeps = {
  readonly blobs: Pick<Blobs, 'stat' | 'write'>;
  /** To WhatsApp's media hosts. */
  readonly dispatcher: Dispatcher;
  readonly mediaConnection: WhatsAppSocket['mediaConnection'];
  readonly sleep: (delayMs: number) => Promise<void>;
};

export type InboundMediaLimits = { readonly timeoutMs: number };
const LIMITS: InboundMediaLimits = { timeoutMs: FETCH_TIMEOUT_MS };

/**
 * Brings the file of a message under a key of ours, decrypted and found authentic, or nothing of it; a second time it
 * is not fetched again. Fails when the file cannot be had, and throws only when our storage, or our own socket, is away.
 */
export async function fetchInboundMedia(
  media: InboundMedia,
  deps: InboundMediaDeps,
  limits: InboundMediaLimits = LIMITS,
): Promise<InboundMediaOutcome> {
  const { mimetype, fileSha256 } = media.reference;
  const key = mediaKeys.inbound(media.instanceId, toBlobId(media));
  try {
    const { bytes } =
      (await deps.blobs.stat(key)) ?? (await store(key, media.reference, deps, limits));
    const sha256 = Buffer.from(fileSha256).toString('hex');
    return { kind: 'stored', key, bytes, sha256, mimetype };
  } catch (error) {
    return asFailure(error);
  }
}

/** Of what was sent and under which id: an id alone is its sender's choice, and could be another message's. */
function toBlobId({ waId, reference }: InboundMedia): string {
  const { kind, mediaKey, fileSha256 } = reference;
  const hash = createHash('sha256').update(mediaKey).update(fileSha256).update(`${kind}|${waId}`);
  return hash.digest('hex');
}

async function store(
  key: string,
  reference: InboundMediaReference,
  deps: InboundMediaDeps,
  { timeoutMs }: InboundMediaLimits,
): Promise<{ readonly bytes: number }> {
  if (reference.fileLength > MEDIA_BYTES_MAX) {
    throw new MediaFailed('media_too_large', 'The file is too large.');
  }
  const { hosts } = await deps.mediaConnection();
  const signal = AbortSignal.timeout(timeoutMs);
  let fault: unknown;
  for (let tries = 0; tries < TRIES_MAX && !signal.aborted; tries += 1) {
    if (tries > 0) await deps.sleep(RETRY_DELAY_MS * tries);
    const place = { host: hostOf(hosts, tries), path: reference.directPath };
    try {
      const sealed = downloadMedia(place, { ...deps, signal });
      return await deps.blobs.write(key, decryptMedia(sealed, reference));
    } catch (cause) {
      if (!(cause instanceof MediaUnavailable)) throw cause;
      fault = cause;
    }
  }
  const message = "WhatsApp's media hosts do not give the file.";
  throw new MediaFailed('media_unreachable', message, { cause: fault });
}

/** Another one at each try, as long as there are others. */
function hostOf(hosts: readonly string[], tries: number): string {
  const host = hosts[tries % hosts.length];
  if (host === undefined) throw new Error('WhatsApp names no media host.');
  return host;
}
