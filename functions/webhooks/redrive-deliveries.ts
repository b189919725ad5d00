import * as z from 'zod';
import type { Delivery } from '#shared/domain/delivery.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { Moment } from '../http/moment.ts';
import { readPage } from '../http/page-query.ts';
import { ok } from '../http/reply.ts';
import { endpointInPath, requireEnabled } from './find-endpoint.ts';
import { ringWebhook } from './ring-webhook.ts';

/** So many pages of the instance's dead deliveries are read in one call, a hundred to each. */
const PAGES_MAX = 5;

const Body = z.object({ since: Moment.nullish(), cursor: z.string().max(2_048).nullish() });
type Body = z.output<typeof Body>;

type Needs = Pick<Deps, 'deliveries' | 'endpoints' | 'logger' | 'newUlid' | 'ringDoorbell'>;

/** What was given up at the webhook is tried again, as if no attempt had been made of it. */
export const redriveDeliveries = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, request, body }, deps: Needs) {
    const endpointId = endpointInPath(request);
    await requireEnabled(instance, endpointId, deps);
    const { count, cursor } = await readPage(() =>
      redrive(instance, { endpointId, ...body }, deps),
    );
    if (count > 0) await ringWebhook(instance, endpointId, deps);
    return ok('The deliveries are made again', {
      count,
      more: cursor !== undefined,
      cursor: cursor ?? null,
    });
  },
});

async function redrive(
  { instanceId }: Instance,
  { endpointId, since, cursor }: Body & { endpointId: string },
  { deliveries }: Needs,
): Promise<{ count: number; cursor: string | undefined }> {
  const isMeant = (dead: Delivery) =>
    dead.endpointId === endpointId && (!since || new Date(dead.createdAt) >= since);
  let next = cursor || undefined;
  let count = 0;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await deliveries.listDead(instanceId, next);
    for (const dead of page.deliveries.filter(isMeant)) {
      if (await deliveries.redrive(dead)) count += 1;
    }
    next = page.cursor;
    if (next === undefined) break;
  }
  return { count, cursor: next };
}
