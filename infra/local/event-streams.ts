import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { LambdaHandler } from '#functions/http/group-handler.ts';
import { toEventCursor } from '#functions/webhooks/event-cursor.ts';
import { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { gatewayError } from './gateway-error.ts';
import { lambdaContext } from './lambda-context.ts';
import { splitUrl, toEvent } from './to-event.ts';
import { toAnswer, writeAnswer } from './write-result.ts';

const STREAM_PATH = '/whatsapp/events/stream';
const EVENTS_PATH = '/whatsapp/events';
/** Each polls the table twice a second. */
const STREAMS_MAX = 100;
/** A comment keeps the proxies in between from ending a silent stream. */
const COMMENT_EVERY_MS = 15_000;
/** How long it may take to see that a caller has gone, or the gateway closes. */
const POLL_S = 5;
const POLL_TIMEOUT_MS = 30_000;
/** Who reads nothing for so long is gone. */
const STALLED_MS = 30_000;

const Polled = z.object({
  data: z.object({
    events: z.array(WebhookEvent),
    cursor: z.string(),
    missed: z.boolean(),
  }),
});
type Polled = z.infer<typeof Polled>['data'];

type Options = {
  /** The Lambda of the webhooks, which lists events. */
  readonly handler: LambdaHandler;
  readonly streamsMax?: number;
  readonly commentEveryMs?: number;
};

type Stream = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** When the caller has gone, or the gateway closes. */
  readonly signal: AbortSignal;
};

/**
 * `GET /whatsapp/events/stream`: the answers of `GET /whatsapp/events`, called again and again for the same caller, as
 * server-sent events. It ends with the caller, with the gateway, and when the call is refused: credentials that hold no
 * more end it. Answers `false`, and leaves the request alone, when it is another.
 */
export function eventStreams({
  handler,
  streamsMax = STREAMS_MAX,
  commentEveryMs = COMMENT_EVERY_MS,
}: Options): (
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
) => Promise<boolean> {
  let open = 0;
  return async (request, response, closing) => {
    const path = splitUrl(request.url ?? '/').path.replace(/\/$/, '');
    if (request.method !== 'GET' || path !== STREAM_PATH) return false;
    if (open >= streamsMax) {
      writeAnswer(response, gatewayError('unavailable', randomUUID()));
      return true;
    }
    open += 1;
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      const signal = AbortSignal.any([gone.signal, closing]);
      await runStream({ request, response, signal }, { handler, commentEveryMs });
    } finally {
      open -= 1;
      gone.abort();
    }
    return true;
  };
}

async function runStream(
  stream: Stream,
  { handler, commentEveryMs }: Required<Pick<Options, 'handler' | 'commentEveryMs'>>,
): Promise<void> {
  const { request, response, signal } = stream;
  const lastEventId = request.headers['last-event-id'];
  const first = await poll(request, { waitS: 0, after: lastEventId }, handler);
  if (first.status !== 200) return writeAnswer(response, first);
  response.writeHead(200, {
    ...first.headers,
    'content-type': 'text/event-stream',
    // nginx would hold the events back.
    'x-accel-buffering': 'no',
  });
  let polled = Polled.parse(JSON.parse(first.body.toString())).data;
  let isThere = await write(stream, `: open\n\n${toFrames(polled)}`);
  let writtenAtMs = performance.now();
  while (isThere && !signal.aborted) {
    const answer = await poll(request, { waitS: POLL_S, after: polled.cursor }, handler);
    if (answer.status !== 200) break;
    polled = Polled.parse(JSON.parse(answer.body.toString())).data;
    const isDue = performance.now() - writtenAtMs >= commentEveryMs;
    if (polled.events.length === 0 && !polled.missed && !isDue) continue;
    isThere = await write(stream, `${isDue ? ': waiting\n\n' : ''}${toFrames(polled)}`);
    writtenAtMs = performance.now();
  }
  response.end();
}

/** Each event under the cursor that goes on after it; and where to go on when none of them was asked for. */
function toFrames({ events, cursor, missed }: Polled): string {
  const frames = events.map((event) => {
    const id = toEventCursor(event.instance_id, event.seq);
    return `id: ${id}\nevent: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`;
  });
  const gap = missed ? 'event: missed\ndata: {}\n\n' : '';
  return `${gap}${frames.join('')}id: ${cursor}\n\n`;
}

/** `false` when nobody reads any more. */
async function write({ response, signal }: Stream, text: string): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(text)) return true;
  try {
    const stalled = AbortSignal.timeout(STALLED_MS);
    await once(response, 'drain', { signal: AbortSignal.any([signal, stalled]) });
    return true;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    response.destroy();
    return false;
  }
}

/** The call that the caller could have made. */
async function poll(
  request: IncomingMessage,
  { waitS, after }: { waitS: number; after: string | string[] | undefined },
  handler: LambdaHandler,
) {
  const query = new URLSearchParams(splitUrl(request.url ?? '/').rawQueryString);
  query.set('wait', String(waitS));
  if (typeof after === 'string' && after !== '') query.set('after', after);
  const [requestId, startedAt] = [randomUUID(), new Date()];
  const routeKey = `GET ${EVENTS_PATH}`;
  const call = { request, body: Buffer.alloc(0), params: {}, routeKey, requestId, now: startedAt };
  const event = {
    ...toEvent(call),
    rawPath: EVENTS_PATH,
    rawQueryString: query.toString(),
    queryStringParameters: Object.fromEntries(query),
  };
  const context = lambdaContext({
    name: 'webhooks',
    requestId,
    startedAt,
    timeoutMs: POLL_TIMEOUT_MS,
    now: () => new Date(),
  });
  return toAnswer(await handler(event, context));
}
