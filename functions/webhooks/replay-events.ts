import * as z from 'zod';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { scopeOf } from '#shared/domain/event-scope.ts';
import { type WebhookEndpoint, wantsEvent } from '#shared/domain/webhook.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { Moment } from '../http/moment.ts';
import { ok } from '../http/reply.ts';
import { validationFailed } from '../http/validate.ts';
import { addDeliveries } from './add-deliveries.ts';
import { deliveryOf } from './delivery-of.ts';
import { parseEventCursor, toEventCursor } from './event-cursor.ts';
import { endpointInPath, requireEnabled } from './find-endpoint.ts';
import { ringWebhook } from './ring-webhook.ts';

/** Posts of one call. */
const REPLAYED_MAX = 500;
/** So many are looked at in one call: what is rare takes several. */
const LOOKED_AT_MAX = 2_000;

const Body = z
  .object({ since: Moment, until: Moment.nullish(), cursor: z.string().nullish() })
  .refine(({ since, until }) => !until || since <= until, {
    path: ['until'],
    message: 'must not be before since',
  });
type Body = z.output<typeof Body>;

type Needs = Pick<
  Deps,
  'deliveries' | 'endpoints' | 'events' | 'logger' | 'newUlid' | 'now' | 'ringDoorbell'
>;

/** Posts once more what happened in a time and the webhook wants now, whether it was delivered or not. */
export const replayEvents = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, request, body }, deps: Needs) {
    const endpoint = await requireEnabled(instance, endpointInPath(request), deps);
    const after = readCursor(instance.instanceId, body);
    const { chosen, lastSeq } = await choose(endpoint, { after, ...body }, deps);
    const { endpointId } = endpoint;
    await addDeliveries(
      chosen.map((event) => deliveryOf(event, { endpointId }, deps)),
      deps,
    );
    if (chosen.length > 0) await ringWebhook(instance, endpointId, deps);
    const cursor = lastSeq === undefined ? null : toEventCursor(instance.instanceId, lastSeq);
    return ok('The events are posted again', { count: chosen.length, cursor });
  },
});

function readCursor(instanceId: string, { cursor }: Body): number {
  const after = cursor ? parseEventCursor(instanceId, cursor) : 0;
  if (after !== undefined) return after;
  throw validationFailed([{ path: 'cursor', message: 'must be the cursor of the call before' }]);
}

/** `lastSeq` is there when more may follow: when events happened says nothing about their numbers. */
async function choose(
  endpoint: WebhookEndpoint,
  { after, since, until }: { after: number } & Omit<Body, 'cursor'>,
  { events }: Pick<Deps, 'events'>,
): Promise<{ chosen: WebhookEvent[]; lastSeq?: number }> {
  const [fromMs, toMs] = [since.getTime(), until?.getTime() ?? Number.POSITIVE_INFINITY];
  const chosen: WebhookEvent[] = [];
  let lookedAt = 0;
  for await (const { event } of events.after(endpoint.instanceId, after)) {
    const isMeant = event.ts >= fromMs && event.ts <= toMs;
    if (isMeant && wantsEvent(endpoint, scopeOf(event.event, event.data))) chosen.push(event);
    lookedAt += 1;
    if (chosen.length === REPLAYED_MAX || lookedAt === LOOKED_AT_MAX) {
      return { chosen, lastSeq: event.seq };
    }
  }
  return { chosen };
}
