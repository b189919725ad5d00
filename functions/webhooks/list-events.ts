import * as z from 'zod';
import { RequestedEvents } from '#shared/domain/requested-events.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { emptyAsAbsent, PageQuery } from '../http/page-query.ts';
import { ok } from '../http/reply.ts';
import { validationFailed } from '../http/validate.ts';
import { parseEventCursor, toEventCursor } from './event-cursor.ts';
import { type EventsPage, readEvents, type Wanted } from './read-events.ts';

const LOOK_EVERY_MS = 500;
/** Below API Gateway's 30 s, so that the caller gets our answer and not the gateway's. */
const WAIT_S_MAX = 20;
/** Name the newest event in place of a cursor. */
const NEWEST = ['now', 'latest'];

const Wait = z.string().transform((text, context) => {
  const waitS = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (waitS <= WAIT_S_MAX) return waitS;
  context.addIssue(`must be a whole number of seconds from 0 to ${WAIT_S_MAX}`);
  return z.NEVER;
});

export const EventsQuery = z.object({
  after: emptyAsAbsent(z.string().max(256)),
  limit: PageQuery.shape.limit,
  events: emptyAsAbsent(RequestedEvents),
  wait: emptyAsAbsent(Wait),
});

type Needs = Pick<Deps, 'events' | 'sleep'>;

/** The instance's events as webhooks have them, the oldest first, without a webhook. */
export const listEvents = defineRoute({
  auth: 'instance',
  query: EventsQuery,
  async run({ instance: { instanceId }, query }, deps: Needs) {
    const { limit, events: names, wait = 0 } = query;
    const after = await readAfter(instanceId, query.after, deps);
    const page = await awaitEvents(
      { instanceId, after, isResumed: query.after !== undefined, limit, names },
      wait,
      deps,
    );
    return ok('Events fetched successfully', {
      events: page.events,
      cursor: toEventCursor(instanceId, page.lastSeq),
      has_more: page.hasMore,
      missed: page.missed,
    });
  },
});

async function readAfter(
  instanceId: string,
  cursor: string | undefined,
  { events }: Needs,
): Promise<number> {
  if (cursor === undefined) return 0;
  if (NEWEST.includes(cursor)) return await events.lastSeq(instanceId);
  const seq = parseEventCursor(instanceId, cursor);
  // No answer has given the number of what is still to happen.
  if (seq !== undefined && seq <= (await events.lastSeq(instanceId))) return seq;
  const message = 'must be the cursor of an answer before, or "latest"';
  throw validationFailed([{ path: 'after', message }]);
}

/** The next events, as soon as there are some; none when the time is over. */
async function awaitEvents(wanted: Wanted, waitS: number, deps: Needs): Promise<EventsPage> {
  let page = await readEvents(wanted, deps);
  const looksMax = (waitS * 1_000) / LOOK_EVERY_MS;
  for (let looks = 0; looks < looksMax && !isWorthTelling(page); looks += 1) {
    await deps.sleep(LOOK_EVERY_MS);
    const isSame = (await deps.events.lastSeq(wanted.instanceId)) === page.lastSeq;
    if (!isSame) page = await readEvents({ ...wanted, after: page.lastSeq, isResumed: true }, deps);
  }
  return page;
}

function isWorthTelling({ events, hasMore, missed }: EventsPage): boolean {
  return events.length > 0 || hasMore || missed;
}
