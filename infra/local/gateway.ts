import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda';
import { routeMatcher } from '#functions/http/match-route.ts';
import { type Group, routeKeyOf, routes } from '#functions/routes.ts';
import type { Logger } from '#shared/log/create-logger.ts';
import { type GatewayErrorCode, gatewayError, rawGatewayError } from './gateway-error.ts';
import { lambdaContext } from './lambda-context.ts';
import { readBody } from './read-body.ts';
import { splitUrl, toEvent } from './to-event.ts';
import { type HttpAnswer, toAnswer, writeAnswer } from './write-result.ts';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const HEADERS_BYTES_MAX = 10_240;
const BODY_BYTES_MAX = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 30_000;
/** Lambda's limit of a synchronous call, each way. */
const INVOKE_BYTES_MAX = 6 * 1024 * 1024;
/** How long a caller may take to send its headers, and its whole request: slow senders hold no sockets. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const TIMEOUT_CHECK_MS = 2_000;

type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyResultV2>;

type Extra = (
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
) => Promise<boolean>;

export type GatewayOptions = {
  /** The Lambda of each group. */
  readonly handlers: Readonly<Record<Group, Handler>>;
  readonly logger: Logger;
  /** Sees every request first; `true` when it has taken it, and answers it by itself, soon when the gateway is closing. */
  readonly extra?: Extra;
  readonly integrationTimeoutMs?: number;
};

export type Gateway = {
  /** Resolves with the port, which is another than 0. */
  listen(port: number, host: string): Promise<number>;
  /** Takes no more calls, and resolves when those in flight are answered. */
  close(): Promise<void>;
};

const match = routeMatcher(routes);
const now = () => new Date();

/** API Gateway's HTTP API and Lambda on node:http, with their limits, for the same handlers. */
export function createGateway(options: GatewayOptions): Gateway {
  const inFlight = new Set<Promise<void>>();
  const closing = new AbortController();
  const server = createServer({
    maxHeaderSize: HEADERS_BYTES_MAX,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  });
  const accept = (request: IncomingMessage, response: ServerResponse): void => {
    const call = answerCall(request, response, { ...options, closing: closing.signal }).catch(
      (err: unknown) => {
        options.logger.error({ err }, 'A call could not be answered.');
        response.destroy();
      },
    );
    inFlight.add(call);
    void call.finally(() => inFlight.delete(call));
  };
  server.on('request', accept);
  // Whoever takes the call tells its sender to go on, when it wants the body.
  server.on('checkContinue', accept);
  server.on('clientError', refuseClient);
  return {
    listen: async (port, host) => await listen(server, port, host),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      closing.abort();
      server.closeIdleConnections();
      await Promise.all(inFlight);
      server.closeIdleConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(portOf(server.address(), port));
    });
  });
}

function portOf(address: AddressInfo | string | null, fallback: number): number {
  return typeof address === 'object' && address !== null ? address.port : fallback;
}

async function answerCall(
  request: IncomingMessage,
  response: ServerResponse,
  options: GatewayOptions & { closing: AbortSignal },
): Promise<void> {
  if (await options.extra?.(request, response, options.closing)) return;
  const requestId = randomUUID();
  if (isWaitingToSend(request)) {
    if (declaresTooMuch(request)) {
      response.shouldKeepAlive = false;
      return writeAnswer(response, gatewayError('payload_too_large', requestId));
    }
    response.writeContinue();
  }
  const outcome = await readBody(request, BODY_BYTES_MAX);
  switch (outcome.kind) {
    case 'aborted':
      return;
    case 'too_large':
      response.shouldKeepAlive = false;
      return writeAnswer(response, gatewayError('payload_too_large', requestId));
    case 'read':
      return writeAnswer(response, await invoke({ request, requestId, ...outcome }, options));
  }
}

async function invoke(
  call: { request: IncomingMessage; requestId: string; body: Buffer },
  { handlers, logger, integrationTimeoutMs = INTEGRATION_TIMEOUT_MS }: GatewayOptions,
): Promise<HttpAnswer> {
  const { request, requestId } = call;
  const { route, params } = match(request.method ?? 'GET', splitUrl(request.url ?? '/').path);
  const startedAt = now();
  const event = toEvent({ ...call, params, routeKey: routeKeyOf(route), now: startedAt });
  if (Buffer.byteLength(event.body ?? '') > INVOKE_BYTES_MAX) {
    return gatewayError('payload_too_large', requestId);
  }
  const context = lambdaContext({
    name: route.group,
    requestId,
    startedAt,
    timeoutMs: integrationTimeoutMs,
    now,
  });
  try {
    const result = await withTimeout(handlers[route.group](event, context), integrationTimeoutMs);
    if (result === 'timeout') return gatewayError('unavailable', requestId);
    const answer = toAnswer(result.value);
    if (answer.body.length <= INVOKE_BYTES_MAX) return answer;
    logger.error({ route: event.routeKey, requestId }, 'The answer is larger than Lambda allows.');
  } catch (err) {
    logger.error({ err, route: event.routeKey, requestId }, 'A Lambda failed.');
  }
  return gatewayError('internal', requestId);
}

async function withTimeout<T>(
  promise: Promise<T>,
  timeoutMs: number,
): Promise<{ value: T } | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  try {
    return await Promise.race([promise.then((value) => ({ value })), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function declaresTooMuch(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX;
}

/** RFC 9110 §10.1.1: such a caller sends no body before it is told to. */
function isWaitingToSend(request: IncomingMessage): boolean {
  return request.headers.expect?.toLowerCase() === '100-continue';
}

/** What is no HTTP, too long or too slow never becomes a request. */
function refuseClient(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(rawGatewayError(CLIENT_ERRORS.get(error.code ?? '') ?? 'malformed_body'));
}

/** Node's codes, and ours. */
const CLIENT_ERRORS: ReadonlyMap<string, GatewayErrorCode> = new Map([
  ['HPE_HEADER_OVERFLOW', 'headers_too_large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request_timeout'],
]);
