import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { checkBlobKey, InvalidKey } from '../blobs.ts';

/** Where presigned URLs lie under the base URL. */
export const BLOBS_PATH = '/_blobs/';

/** What the holder of a URL may do, until `expiresMs` (epoch milliseconds). */
export type Grant = {
  readonly method: 'GET' | 'PUT';
  readonly key: string;
  readonly expiresMs: number;
  /** The content type that an upload must carry. */
  readonly contentType?: string | undefined;
  /** The length that an upload must have. */
  readonly bytes?: number | undefined;
  /** The name under which a browser saves a download. */
  readonly fileName?: string | undefined;
};

const Parameters = z.strictObject({
  method: z.enum(['GET', 'PUT']),
  expires: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  type: z.string().optional(),
  bytes: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .optional(),
  name: z.string().optional(),
  signature: z.string(),
});

export function signUrl(
  grant: Grant,
  { baseUrl, secret }: { baseUrl: string; secret: string },
): string {
  const { method, key, expiresMs, contentType, bytes, fileName } = grant;
  const path = key.split('/').map(encodeURIComponent).join('/');
  const url = new URL(`${baseUrl.replace(/\/$/, '')}${BLOBS_PATH}${path}`);
  url.searchParams.set('method', method);
  url.searchParams.set('expires', String(expiresMs));
  if (contentType !== undefined) url.searchParams.set('type', contentType);
  if (bytes !== undefined) url.searchParams.set('bytes', String(bytes));
  if (fileName !== undefined) url.searchParams.set('name', fileName);
  url.searchParams.set('signature', signatureOf(grant, secret).toString('base64url'));
  return url.href;
}

/** The grant of a URL that was signed with the secret and has not expired, else `undefined`. */
export function verifyUrl(
  { pathname, searchParams }: URL,
  { secret, nowMs }: { secret: string; nowMs: number },
): Grant | undefined {
  const parsed = Parameters.safeParse(Object.fromEntries(searchParams));
  const key = parseKey(pathname);
  if (!parsed.success || key === undefined) return undefined;
  const { method, expires, type, bytes, name, signature } = parsed.data;
  const what = { contentType: type, bytes, fileName: name };
  const grant: Grant = { method, key, expiresMs: expires, ...what };
  const expected = signatureOf(grant, secret);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return nowMs < expires ? grant : undefined;
}

/** JSON keeps the fields apart, so that no two grants are signed alike. */
function signatureOf(
  { method, key, expiresMs, contentType, bytes, fileName }: Grant,
  secret: string,
): Buffer {
  const limits = [contentType ?? null, bytes ?? null, fileName ?? null];
  const text = JSON.stringify([method, key, expiresMs, ...limits]);
  return createHmac('sha256', secret).update(text).digest();
}

function parseKey(pathname: string): string | undefined {
  if (!pathname.startsWith(BLOBS_PATH)) return undefined;
  try {
    const key = decodeURIComponent(pathname.slice(BLOBS_PATH.length));
    checkBlobKey(key);
    return key;
  } catch (cause) {
    if (cause instanceof URIError || cause instanceof InvalidKey) return undefined;
    throw cause;
  }
}
