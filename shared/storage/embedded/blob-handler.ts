import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { DOWNLOAD_CACHING, DOWNLOAD_TYPE, dispositionOf } from '../rules/presign-rules.ts';
import { hasCode, TooManyBytes } from './durable-files.ts';
import type { FileBlobs } from './file-blobs.ts';
import { BLOBS_PATH, type Grant } from './presigned-url.ts';

export type BlobHandlerOptions = {
  readonly blobs: FileBlobs;
  /** The longest upload. */
  readonly bodyBytesMax: number;
};

/** Answers `false`, and leaves the request alone, when it is not for a blob. */
export type BlobHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * Serves the presigned URLs of `FileBlobs` for `node:http`: GET, HEAD and PUT, piece by piece. 403 for a URL that is not
 * ours, was changed or has expired, and for an upload that is not as it allows; 404 for no blob, 405 for other methods,
 * 413 for too long a body.
 */
export function blobHandler({ blobs, bodyBytesMax }: BlobHandlerOptions): BlobHandler {
  return async (request, response) => {
    if (request.url?.startsWith(BLOBS_PATH) !== true) return false;
    const method = methodOf(request);
    if (method === undefined) return answer(response, 405, { allow: 'GET, HEAD, PUT' });
    const grant = URL.canParse(request.url, 'http://localhost')
      ? blobs.verify(new URL(request.url, 'http://localhost'))
      : undefined;
    if (grant?.method !== method) return answer(response, 403, { connection: 'close' });
    if (method === 'GET') return await download(grant, { blobs, request, response });
    return await upload(grant, { blobs, bodyBytesMax, request, response });
  };
}

type Exchange = {
  readonly blobs: FileBlobs;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
};

/** What the grant must allow: a HEAD is a GET without the bytes. */
function methodOf({ method }: IncomingMessage): Grant['method'] | undefined {
  if (method === 'GET' || method === 'HEAD') return 'GET';
  return method === 'PUT' ? 'PUT' : undefined;
}

async function download(grant: Grant, { blobs, request, response }: Exchange): Promise<true> {
  const file = await blobs.openRead(grant.key);
  if (file === undefined) return answer(response, 404);
  try {
    const { size } = await file.stat();
    response.writeHead(200, { ...downloadHeaders(grant), 'content-length': size });
    if (request.method === 'HEAD') response.end();
    else await pipeline(file.createReadStream({ autoClose: false }), response);
  } catch (cause) {
    // The client went away in the middle; there is nobody to tell.
    if (!hasCode(cause, 'ERR_STREAM_PREMATURE_CLOSE')) throw cause;
  } finally {
    await file.close();
  }
  return true;
}

async function upload(
  grant: Grant,
  { blobs, bodyBytesMax, request, response }: Exchange & { bodyBytesMax: number },
): Promise<true> {
  if (!isAllowed(grant, request)) return answer(response, 403, { connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) {
    return answer(response, 413, { connection: 'close' });
  }
  // RFC 9110 §10.1.1: such a sender waits until somebody wants the body.
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  try {
    // Left alone by the iterator, the socket can still carry the 413.
    const body = request.iterator({ destroyOnReturn: false });
    await blobs.write(grant.key, body, { bytesMax: bodyBytesMax });
  } catch (cause) {
    if (cause instanceof TooManyBytes) return answer(response, 413, { connection: 'close' });
    if (hasCode(cause, 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE')) return true;
    throw cause;
  }
  return answer(response, 200);
}

/** As with S3, where both are signed headers: a body that does not say how long it is has not the length asked for. */
function isAllowed({ contentType, bytes }: Grant, { headers }: IncomingMessage): boolean {
  if (contentType !== undefined && contentType !== headers['content-type']) return false;
  // Node's parser sees to it that a body is as long as its header says.
  return bytes === undefined || headers['content-length'] === String(bytes);
}

function downloadHeaders({ fileName }: Grant): Record<string, string> {
  const headers = {
    'content-type': DOWNLOAD_TYPE,
    'x-content-type-options': 'nosniff',
    'cache-control': DOWNLOAD_CACHING,
  };
  if (fileName === undefined) return headers;
  return { ...headers, 'content-disposition': dispositionOf(fileName) };
}

function answer(
  response: ServerResponse,
  status: number,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { ...headers, 'content-length': 0 }).end();
  return true;
}
