import type { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { MEDIA_BYTES_MAX } from '#shared/domain/media-type.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { assertDiallable, ForbiddenAddress, type UrlGuard } from '../http/guarded-dispatcher.ts';
import { limitBytes } from './limit-bytes.ts';
import { MediaFailed, UrlUnavailable } from './media-failed.ts';

const REDIRECTS_MAX = 3;
/** From dialling to the last byte, over all redirects. */
const FETCH_TIMEOUT_MS = 30_000;
/** What a redirect says beside its target is not read further than this. */
const REDIRECT_BYTES_MAX = 65_536;
const USER_AGENT = 'whatsapp-bots/1 (media)';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What Node and OpenSSL call a host that does not exist, or is not who it says. */
const HOPELESS = /^ENOTFOUND$|CERT|SIGNATURE|TLS|SSL/;

export type WebDeps = { readonly dispatcher: Dispatcher; readonly guard: UrlGuard };

export type UrlLimits = { readonly bytesMax: number; readonly timeoutMs: number };
const LIMITS: UrlLimits = { bytesMax: MEDIA_BYTES_MAX, timeoutMs: FETCH_TIMEOUT_MS };

type Deps = { readonly web: WebDeps; readonly blobs: Pick<Blobs, 'write'> };

/**
 * Brings the file behind a customer's URL under a key of ours, or nothing of it. Throws `MediaFailed` for what will not
 * be otherwise next time.
 */
export async function storeUrl(
  { url, key }: { readonly url: string; readonly key: string },
  { web, blobs }: Deps,
  { bytesMax, timeoutMs }: UrlLimits = LIMITS,
): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  await blobs.write(key, readUrl(url, { web, signal, bytesMax }));
}

async function* readUrl(url: string, hop: Hop): AsyncGenerator<Uint8Array> {
  try {
    yield* limitBytes(await openUrl(url, hop), hop.bytesMax);
  } catch (cause) {
    throw toFault(cause, hop.signal.aborted);
  }
}

type Hop = { readonly web: WebDeps; readonly signal: AbortSignal; readonly bytesMax: number };

/** Follows redirects by hand: each target is looked at as the first URL was. */
async function openUrl(text: string, { web, signal, bytesMax }: Hop): Promise<Readable> {
  let url = toUrl(text);
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    assertDiallable(url, web.guard);
    const answer = await request(url, {
      dispatcher: web.dispatcher,
      signal,
      // A packed answer could be a thousand times larger when it is opened.
      headers: { 'accept-encoding': 'identity', 'user-agent': USER_AGENT },
    });
    if (!REDIRECTS.has(answer.statusCode)) return takeAnswer(answer, bytesMax);
    await answer.body.dump({ limit: REDIRECT_BYTES_MAX });
    url = toUrl(String(answer.headers['location'] ?? ''), url);
  }
  throw new MediaFailed(
    'media_url_failed',
    `The URL leads over more than ${REDIRECTS_MAX} others.`,
  );
}

function takeAnswer({ statusCode, headers, body }: Dispatcher.ResponseData, bytesMax: number) {
  const refusal = whyNot(statusCode, headers, bytesMax);
  if (!refusal) return body;
  // Nobody listens any more to what becomes of the rest.
  body.on('error', () => undefined).destroy();
  throw refusal;
}

function whyNot(
  statusCode: number,
  headers: Dispatcher.ResponseData['headers'],
  bytesMax: number,
): MediaFailed | undefined {
  if (statusCode !== 200) {
    return new MediaFailed('media_url_failed', `The URL answers with status ${statusCode}.`);
  }
  const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity') {
    return new MediaFailed('media_url_failed', 'The URL answers with a compressed file.');
  }
  if (Number(headers['content-length'] ?? 0) > bytesMax) {
    return new MediaFailed('media_too_large', 'The file is too large.');
  }
  return undefined;
}

function toUrl(text: string, base?: URL): URL {
  if (URL.canParse(text, base?.href)) return new URL(text, base?.href);
  throw new MediaFailed('media_url_failed', 'The URL, or one that it leads to, is none.');
}

function toFault(cause: unknown, isLate: boolean): Error {
  if (cause instanceof MediaFailed) return cause;
  if (isLate) {
    return new MediaFailed('media_url_failed', 'The URL did not give the file in time.', { cause });
  }
  if (cause instanceof ForbiddenAddress) {
    return new MediaFailed('media_url_refused', cause.message, { cause });
  }
  if (HOPELESS.test(codeOf(cause))) {
    return new MediaFailed('media_url_failed', `The URL cannot be reached (${codeOf(cause)}).`);
  }
  return new UrlUnavailable('The URL is away.', { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
