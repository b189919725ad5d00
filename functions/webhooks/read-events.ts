import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { WebhookEventName } from '#shared/domain/event-name.ts';
import type { Deps } from '../deps.ts';

/** So many are looked at for one answer: what is rare is found over several. */
const LOOKED_AT_MAX = 1_000;
/** Lambda answers with 6 MB at most. */
const ANSWER_BYTES_MAX = 4 * 1_024 * 1_024;

export type Wanted = {
  readonly instanceId: string;
  /** Events with greater numbers. */
  readonly after: number;
  /** Whether the caller knows those up to there, and not just begins with the oldest that is kept. */
  readonly isResumed: boolean;
  readonly limit: number;
  /** Of these names alone. */
  readonly names: readonly WebhookEventName[] | undefined;
};

export type EventsPage = {
  readonly events: readonly WebhookEvent[];
  /** The number of the last that was looked at. */
  readonly lastSeq: number;
  readonly hasMore: boolean;
  /** Whether events between `after` and these are gone. */
  readonly missed: boolean;
};

type Collected = Omit<EventsPage, 'hasMore'> & { readonly lookedAt: number };

/** The next events of an instance, the oldest first. */
export async function readEvents(
  wanted: Wanted,
  { events }: Pick<Deps, 'events'>,
): Promise<EventsPage> {
  const { instanceId, after, isResumed } = wanted;
  // Read first: whatever has a number up to this one is there by now, or is gone.
  const newest = await events.lastSeq(instanceId);
  const { lookedAt, ...page } = await collect(wanted, events);
  if (lookedAt === 0 && newest > after) {
    return { events: [], lastSeq: newest, hasMore: false, missed: isResumed };
  }
  return { ...page, hasMore: page.lastSeq < newest };
}

async function collect(
  { instanceId, after, isResumed, limit, names }: Wanted,
  feed: Deps['events'],
): Promise<Collected> {
  const events: WebhookEvent[] = [];
  let [lastSeq, missed, lookedAt, bytes] = [after, false, 0, 0];
  for await (const next of feed.after(instanceId, after)) {
    const { event } = next;
    if (isWanted(event, names)) {
      bytes += next.bytes;
      if (events.length > 0 && bytes > ANSWER_BYTES_MAX) break;
      events.push(event);
    }
    const isFirst = lookedAt === 0 && !isResumed;
    missed ||= !isFirst && event.seq > lastSeq + 1;
    lastSeq = event.seq;
    lookedAt += 1;
    if (events.length === limit || lookedAt === LOOKED_AT_MAX) break;
  }
  return { events, lastSeq, missed, lookedAt };
}

function isWanted({ event }: WebhookEvent, names: Wanted['names']): boolean {
  return names === undefined || names.includes(event);
}
