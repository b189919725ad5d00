import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Logger } from 'pino';

import { listenOn, portOf, stopServer } from '#simulator/listening.ts';
import { QueueFullError } from '#simulator/store/delivery-records.ts';
import { ACTIVITY_ROUTES } from './activity-routes.ts';
import { ControlError } from './control-error.ts';
import { GROUP_ROUTES } from './group-routes.ts';
import { MEDIA_ROUTES } from './media-routes.ts';
import { MESSAGE_ROUTES } from './message-routes.ts';
import { NETWORK_ROUTES } from './network-routes.ts';
import { PHONE_ROUTES } from './phone-routes.ts';
import { type ControlDeps, matchRoute, type Route, type RouteReply, sendReply } from './route.ts';

const BODY_BYTES_MAX = 1024 * 1024;
const CONNECTIONS_MAX = 512;
const REQUEST_TIMEOUT_MS = 60_000;

const ROUTES: readonly Route[] = [
  ...PHONE_ROUTES,
  ...MESSAGE_ROUTES,
  ...MEDIA_ROUTES,
  ...ACTIVITY_ROUTES,
  ...GROUP_ROUTES,
  ...NETWORK_ROUTES,
];

/** The HTTP API with which a person or a test plays the phones; docs/simulator.md describes it. */
export class ControlServer {
  readonly #server: Server;
  readonly #deps: ControlDeps;
  readonly #logger: Logger;

  private constructor(deps: ControlDeps) {
    this.#deps = deps;
    this.#logger = deps.network.logger;
    this.#server = createServer(
      { requestTimeout: REQUEST_TIMEOUT_MS },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = CONNECTIONS_MAX;
  }

  static async start(
    { host, port }: { host: string; port: number },
    deps: ControlDeps,
  ): Promise<ControlServer> {
    const server = new ControlServer(deps);
    await listenOn(server.#server, port, host);
    return server;
  }

  get port(): number {
    return portOf(this.#server);
  }

  async close(): Promise<void> {
    await stopServer(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = await this.#reply(request).catch((error: unknown) => this.#refuse(error));
    if (!request.complete) response.setHeader('connection', 'close');
    await sendReply(response, reply).catch((err: unknown) => {
      this.#logger.warn({ err }, 'An answer broke off.');
      response.destroy();
    });
    request.resume();
  }

  async #reply(request: IncomingMessage): Promise<RouteReply> {
    const url = parseUrl(request.url ?? '/');
    const match = matchRoute(ROUTES, request.method ?? '', url.pathname);
    if (match.kind === 'unknown_path') {
      throw new ControlError(404, 'unknown_route', { message: 'There is no such route.' });
    }
    if (match.kind === 'wrong_method') {
      const { allowed } = match;
      throw new ControlError(405, 'wrong_method', {
        message: 'The route has other methods.',
        details: { allowed },
      });
    }
    const { route } = match;
    const params = Object.fromEntries(
      Object.entries(match.params).map(([name, value]) => [name, decodePart(value)]),
    );
    const query = Object.fromEntries(url.searchParams);
    const bytes = limitedBody(request, route.bodyBytesMax ?? BODY_BYTES_MAX);
    const body = route.takes === 'bytes' ? {} : await readJson(bytes);
    return route.run({ params, query, body, bytes }, this.#deps);
  }

  #refuse(error: unknown): RouteReply {
    if (error instanceof ControlError) return toReply(error);
    if (error instanceof QueueFullError) {
      return toReply(new ControlError(409, 'queue_full', { message: error.message }));
    }
    this.#logger.error({ err: error }, 'A control request failed.');
    return toReply(new ControlError(500, 'internal', { message: 'The simulator failed.' }));
  }
}

function toReply({ status, code, message, details }: ControlError): RouteReply {
  const error = details === undefined ? { code, message } : { code, message, details };
  return { status, json: { error } };
}

/** A target such as `//` is no URL. */
function parseUrl(target: string): URL {
  try {
    return new URL(target, 'http://localhost');
  } catch {
    throw new ControlError(404, 'unknown_route', { message: 'There is no such route.' });
  }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ControlError(400, 'invalid_request', { message: 'The path is not well encoded.' });
  }
}

async function readJson(bytes: AsyncIterable<Buffer>): Promise<unknown> {
  const body = await buffer(bytes);
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ControlError(400, 'invalid_json', { message: 'The body is not JSON.' });
  }
}

/** The body as it comes; throws a 413 after `bytesMax`. */
async function* limitedBody(
  request: IncomingMessage,
  bytesMax: number,
): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  // Not destroyed when the reader stops: its sender shall still get the answer.
  const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > bytesMax) break;
      yield chunk;
    }
  } catch (cause) {
    throw new ControlError(400, 'aborted', { message: 'The request broke off.', cause });
  }
  if (bytes <= bytesMax) return;
  throw new ControlError(413, 'body_too_large', {
    message: 'The body is too large.',
    details: { bytesMax },
  });
}
