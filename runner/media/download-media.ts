import { type Dispatcher, request } from 'undici';
import { MEDIA_BYTES_MAX } from '#shared/domain/media-type.ts';
import { limitBytes } from './limit-bytes.ts';
import { ENCRYPTION_BYTES_MAX } from './media-cipher.ts';
import { MediaFailed, MediaUnavailable } from './media-failed.ts';
import { WEB_ORIGIN } from './upload-media.ts';

const ENCRYPTED_BYTES_MAX = MEDIA_BYTES_MAX + ENCRYPTION_BYTES_MAX;

/** A link has an end (`oe`), after which it is refused; then as now the file is gone. */
const GONE: ReadonlySet<number> = new Set([403, 404, 410]);
const PASSING: ReadonlySet<number> = new Set([408, 429]);

export type MediaPlace = {
  /** One of WhatsApp's, as WhatsApp says. */
  readonly host: string;
  /** As a message says. */
  readonly path: string;
};
type Deps = { readonly dispatcher: Dispatcher; readonly signal: AbortSignal };

/**
 * The encrypted file. No redirect is followed. Throws `MediaFailed` when it cannot be had, and `MediaUnavailable` for
 * what may pass.
 */
export async function* downloadMedia(place: MediaPlace, deps: Deps): AsyncGenerator<Uint8Array> {
  try {
    yield* limitBytes(await open(place, deps), ENCRYPTED_BYTES_MAX);
  } catch (cause) {
    if (cause instanceof MediaFailed || cause instanceof MediaUnavailable) throw cause;
    throw new MediaUnavailable("WhatsApp's media host is away.", { cause });
  }
}

async function open({ host, path }: MediaPlace, { dispatcher, signal }: Deps) {
  const { statusCode, headers, body } = await request(toUrl(host, path), {
    dispatcher,
    signal,
    headers: { 'accept-encoding': 'identity', origin: WEB_ORIGIN },
  });
  const length = Number(headers['content-length'] ?? 0);
  if (statusCode === 200 && length <= ENCRYPTED_BYTES_MAX) return body;
  // Nobody listens any more to what becomes of the rest.
  body.on('error', () => undefined).destroy();
  throw statusCode === 200
    ? new MediaFailed('media_too_large', 'The file is too large.')
    : toFault(statusCode);
}

function toFault(statusCode: number): Error {
  if (GONE.has(statusCode)) {
    return new MediaFailed('media_gone', 'WhatsApp no longer has the file.');
  }
  const answer = `WhatsApp's media host answers ${statusCode}.`;
  if (statusCode >= 500 || PASSING.has(statusCode)) return new MediaUnavailable(answer);
  return new MediaFailed('media_unreachable', answer);
}

/** A path that does not begin as one would become a part of the host's name: `@elsewhere.example/`. */
function toUrl(host: string, path: string): URL {
  const text = `https://${host}${path}`;
  if (path.startsWith('/') && URL.canParse(text)) return new URL(text);
  throw new MediaFailed('media_unreachable', 'The message does not say where its file is.');
}
