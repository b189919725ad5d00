import type { IncomingMessage } from 'node:http';

export type BodyOutcome =
  | { readonly kind: 'read'; readonly body: Buffer }
  | { readonly kind: 'too_large' }
  /** The caller went away. */
  | { readonly kind: 'aborted' };

/**
 * How much of a body that is too large is still taken in and thrown away: a caller that is cut off while it
 * sends may never see the answer.
 */
const DISCARDED_BYTES_MAX = 64 * 1024 * 1024;

/** Reads a request's body, of at most `bytesMax`. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<BodyOutcome> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes: Buffer = chunk;
      size += bytes.length;
      if (size > DISCARDED_BYTES_MAX) break;
      if (size <= bytesMax) chunks.push(bytes);
      else chunks.length = 0;
    }
  } catch {
    return { kind: 'aborted' };
  }
  return size > bytesMax ? { kind: 'too_large' } : { kind: 'read', body: Buffer.concat(chunks) };
}
