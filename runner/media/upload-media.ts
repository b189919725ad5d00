import { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import * as z from 'zod';
import type { MediaKind } from '#shared/domain/message-content.ts';
import type { MediaConnection, WhatsAppSocket } from '../session/whatsapp-socket.ts';
import { MediaFailed, MediaUnavailable } from './media-failed.ts';

/** From the first host to the last. */
const UPLOAD_TIMEOUT_MS = 180_000;
const ANSWER_BYTES_MAX = 65_536;
/** WhatsApp Web's own; the hosts are asked for by no other page. */
export const WEB_ORIGIN = 'https://web.whatsapp.com';

/** Where each kind goes to; a sticker is an image to WhatsApp. */
const PATHS = {
  image: '/mms/image',
  sticker: '/mms/image',
  video: '/mms/video',
  audio: '/mms/audio',
  document: '/mms/document',
} as const satisfies Record<MediaKind, string>;

/** The connection's hosts do not take its token, or not any more. */
const UNAUTHORIZED: ReadonlySet<number> = new Set([401, 403]);
/** Refusals that are about the moment, and not about the file. */
const PASSING: ReadonlySet<number> = new Set([404, 408, 429]);

const UploadAnswer = z.object({ url: z.string(), direct_path: z.string() });

/** An encrypted file, which can be made again for every try. */
export type SealedFile = {
  readonly kind: MediaKind;
  readonly sha256: Buffer;
  readonly bytes: number;
  read(): AsyncIterable<Uint8Array>;
};
export type Uploaded = { readonly url: string; readonly directPath: string };

export type UploadDeps = {
  readonly dispatcher: Dispatcher;
  readonly mediaConnection: WhatsAppSocket['mediaConnection'];
};

type Attempt =
  | { readonly kind: 'uploaded'; readonly uploaded: Uploaded }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'unavailable'; readonly cause: unknown };

/**
 * Gives the file to the first of WhatsApp's hosts that takes it; with a new token when it is told that the old one is
 * none. Throws `MediaFailed` when WhatsApp refuses the file, anything else for what may pass.
 */
export async function uploadMedia(file: SealedFile, deps: UploadDeps): Promise<Uploaded> {
  const signal = AbortSignal.timeout(UPLOAD_TIMEOUT_MS);
  for (const renew of [false, true]) {
    const connection = await deps.mediaConnection({ renew });
    const attempt = await tryHosts(file, connection, { dispatcher: deps.dispatcher, signal });
    if (attempt.kind === 'uploaded') return attempt.uploaded;
    if (attempt.kind === 'unavailable') {
      throw new MediaUnavailable("WhatsApp's media hosts are away.", { cause: attempt.cause });
    }
  }
  throw new MediaUnavailable("WhatsApp's media hosts do not take our token.");
}

type Line = { readonly dispatcher: Dispatcher; readonly signal: AbortSignal };

async function tryHosts(
  file: SealedFile,
  { hosts, auth }: MediaConnection,
  line: Line,
): Promise<Attempt> {
  let last: Attempt = { kind: 'unavailable', cause: new Error('There is no host.') };
  for (const host of hosts) {
    last = await post(file, toUploadUrl(file, host, auth), line);
    if (last.kind !== 'unavailable') return last;
  }
  return last;
}

function toUploadUrl({ kind, sha256 }: SealedFile, host: string, auth: string): URL {
  const token = sha256.toString('base64url');
  const url = new URL(`https://${host}${PATHS[kind]}/${token}`);
  url.searchParams.set('auth', auth);
  url.searchParams.set('token', token);
  return url;
}

async function post(file: SealedFile, url: URL, line: Line): Promise<Attempt> {
  const body = Readable.from(file.read(), { highWaterMark: 1 });
  let fault: unknown;
  body.on('error', (error) => {
    fault = error;
  });
  try {
    const answer = await request(url, {
      ...line,
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(file.bytes),
        origin: WEB_ORIGIN,
      },
    });
    return await readAnswer(answer);
  } catch (cause) {
    const final = [fault, cause].find((error) => error instanceof MediaFailed);
    if (final) throw final;
    return { kind: 'unavailable', cause };
  } finally {
    body.destroy();
  }
}

async function readAnswer({ statusCode, body }: Dispatcher.ResponseData): Promise<Attempt> {
  if (statusCode !== 200) {
    await body.dump({ limit: ANSWER_BYTES_MAX });
    if (UNAUTHORIZED.has(statusCode)) return { kind: 'unauthorized' };
    if (statusCode < 400 || statusCode >= 500 || PASSING.has(statusCode)) {
      return { kind: 'unavailable', cause: new Error(`The host answers ${statusCode}.`) };
    }
    if (statusCode === 413) throw new MediaFailed('media_too_large', 'The file is too large.');
    throw new MediaFailed('media_upload_refused', `WhatsApp refuses the file (${statusCode}).`);
  }
  const { url, direct_path: directPath } = UploadAnswer.parse(JSON.parse(await readShort(body)));
  return { kind: 'uploaded', uploaded: { url, directPath } };
}

async function readShort(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('The answer of the host is too long.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
