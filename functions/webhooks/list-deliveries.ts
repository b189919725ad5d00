import * as z from 'zod';
import { type Delivery, DeliveryState } from '#shared/domain/delivery.ts';
import { Ulid } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { RequestedEvents } from '#shared/domain/requested-events.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { Moment } from '../http/moment.ts';
import { emptyAsAbsent, PageQuery } from '../http/page-query.ts';
import { ok } from '../http/reply.ts';
import { toDeliveryView } from './to-delivery-view.ts';
import { ulidRange } from './ulid-range.ts';

/** So many are looked at for one page: what is rare is found over several. */
const LOOKED_AT_MAX = 1_000;

const Query = z.object({
  limit: PageQuery.shape.limit,
  cursor: emptyAsAbsent(
    z
      .string()
      .refine((text) => Ulid.safeParse(text).success, 'must be the cursor of the page before'),
  ),
  webhook: emptyAsAbsent(z.string().max(64)),
  state: emptyAsAbsent(
    z.enum(DeliveryState.options, `must be one of ${DeliveryState.options.join(', ')}`),
  ),
  event: emptyAsAbsent(RequestedEvents),
  since: emptyAsAbsent(Moment),
  until: emptyAsAbsent(Moment),
});
type Query = z.output<typeof Query>;
type Needs = Pick<Deps, 'deliveries'>;

/** What became of the instance's events at its webhooks, newest first, page by page. */
export const listDeliveries = defineRoute({
  auth: 'instance',
  query: Query,
  async run({ instance, query }, deps: Needs) {
    const { deliveries, cursor } = await readMatching(instance, query, deps);
    return ok('Deliveries fetched successfully', {
      deliveries: deliveries.map(toDeliveryView),
      cursor: cursor ?? null,
    });
  },
});

/** A page may have fewer than `limit` and still a cursor, which is the id of the last that was looked at. */
async function readMatching(
  { instanceId }: Instance,
  { limit, cursor, ...wanted }: Query,
  { deliveries }: Needs,
): Promise<{ deliveries: Delivery[]; cursor?: string }> {
  const { from, to } = ulidRange(wanted);
  const found: Delivery[] = [];
  let lookedAt = 0;
  const end = cursor !== undefined && cursor < to ? cursor : to;
  if (end < from) return { deliveries: found };
  for await (const delivery of deliveries.newest(instanceId, { from, to: end })) {
    if (delivery.deliveryId === cursor) continue;
    if (isWanted(delivery, wanted)) found.push(delivery);
    lookedAt += 1;
    if (found.length === limit || lookedAt === LOOKED_AT_MAX) {
      return { deliveries: found, cursor: delivery.deliveryId };
    }
  }
  return { deliveries: found };
}

function isWanted(
  { endpointId, state, event }: Delivery,
  wanted: Pick<Query, 'webhook' | 'state' | 'event'>,
): boolean {
  return (
    (wanted.webhook === undefined || wanted.webhook === endpointId) &&
    (wanted.state === undefined || wanted.state === state) &&
    (wanted.event === undefined || wanted.event.includes(event))
  );
}
