import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

import type { MediaDirection, MediaFaults } from '#simulator/faults/media-faults.ts';
import { listenOn, portOf, stopServer } from '#simulator/listening.ts';

import type { TlsIdentity } from './certificate.ts';
import { MEDIA_BYTES_MAX, type MediaFiles } from './media-files.ts';

const CONNECTIONS_MAX = 256;
const REQUEST_TIMEOUT_MS = 120_000;
const SHA256_BYTES = 32;

/** Where clients upload to (Baileys Defaults: MEDIA_PATH_MAP), then the file's SHA-256. */
const UPLOAD_PATH =
  /^\/(?:mms\/(?:image|video|document|audio|md-app-state)|product\/image|pps\/biz-cover-photo)\/([\w-]{43})$/;
const RANGE = /^bytes=(\d+)-(\d*)$/;

const DIRECTIONS: Readonly<Record<string, MediaDirection>> = { POST: 'upload', GET: 'download' };

type MediaServerOptions = {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsIdentity;
  readonly files: MediaFiles;
  readonly faults: Pick<MediaFaults, 'take'>;
  /** The token that media_conn gives out; uploads must bring it. */
  readonly auth: string;
  readonly logger: Logger;
};

/** WhatsApp's media host: https, uploads by POST, downloads (with ranges) by GET. */
export class MediaServer {
  readonly #server: Server;
  readonly #options: MediaServerOptions;
  readonly #closing = new AbortController();

  private constructor(options: MediaServerOptions) {
    this.#options = options;
    const { key, certificate } = options.tls;
    this.#server = createServer(
      { key, cert: certificate, requestTimeout: REQUEST_TIMEOUT_MS },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = CONNECTIONS_MAX;
  }

  static async start(options: MediaServerOptions): Promise<MediaServer> {
    const server = new MediaServer(options);
    await listenOn(server.#server, options.port, options.host);
    return server;
  }

  /** `localhost:PORT`, which the certificate names. */
  get hostName(): string {
    return `localhost:${portOf(this.#server)}`;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await stopServer(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#serve(request, response);
    } catch (err) {
      if (this.#closing.signal.aborted) return;
      this.#options.logger.warn({ err }, 'A media request failed.');
      if (response.headersSent) response.destroy();
      else endWith(response, 500, 'internal');
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://localhost');
    const direction = DIRECTIONS[request.method ?? ''];
    if (!direction) return endWith(response, 405, 'method_not_allowed');
    const { delayMs, status } = this.#options.faults.take(direction);
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: this.#closing.signal });
    if (status !== undefined) refuse(request, response, [status, 'ordered_fault']);
    else if (direction === 'upload') await this.#upload(url, request, response);
    else await this.#download(url.pathname, request, response);
  }

  async #upload(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sha256 = Buffer.from(UPLOAD_PATH.exec(url.pathname)?.[1] ?? '', 'base64url');
    if (sha256.length !== SHA256_BYTES) return refuse(request, response, [404, 'unknown_path']);
    if (url.searchParams.get('auth') !== this.#options.auth) {
      return refuse(request, response, [401, 'wrong_auth']);
    }
    if (Number(request.headers['content-length'] ?? 0) > MEDIA_BYTES_MAX) {
      return refuse(request, response, [413, 'too_large']);
    }
    const outcome = await this.#options.files.save(request, sha256);
    switch (outcome.kind) {
      case 'too_large':
        return refuse(request, response, [413, 'too_large']);
      case 'wrong_hash':
        return endWith(response, 400, 'wrong_hash');
      case 'saved': {
        const { directPath } = outcome;
        return endJson(response, 200, {
          url: `https://${this.hostName}${directPath}`,
          direct_path: directPath,
          handle: '',
        });
      }
    }
  }

  async #download(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const size = await this.#options.files.sizeOf(path);
    if (size === undefined) return endWith(response, 404, 'not_found');
    const range = readRange(request.headers.range, size);
    if (range === 'unsatisfiable') return endWith(response, 416, 'range');
    response.setHeader('content-type', 'application/octet-stream');
    response.setHeader('content-length', range ? range.end - range.start + 1 : size);
    if (range) {
      response.statusCode = 206;
      response.setHeader('content-range', `bytes ${range.start}-${range.end}/${size}`);
    }
    await pipeline(this.#options.files.read(path, range), response);
  }
}

function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined | 'unsatisfiable' {
  const match = RANGE.exec(header ?? '');
  if (!match) return undefined;
  const start = Number(match[1]);
  const end = Math.min(match[2] ? Number(match[2]) : size - 1, size - 1);
  return start <= end ? { start, end } : 'unsatisfiable';
}

/** The body is not read, so the connection cannot be used again. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  [status, error]: readonly [number, string],
): void {
  response.setHeader('connection', 'close');
  endWith(response, status, error);
  request.resume();
}

function endWith(response: ServerResponse, status: number, error: string): void {
  endJson(response, status, { error });
}

function endJson(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
