import * as z from 'zod';
import type { Delivery } from '#shared/domain/delivery.ts';
import type { ApiUnderTest } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  anInstance,
  call,
  dataOf,
  type OwnedInstance,
} from '../callers.ts';
import { aDelivery, recordEvent } from './recorded.ts';

/** An attempt as it is stored, and as it is shown. */
export const SENT = { at: '2026-11-25T09:30:00.000Z', ms: 12, statusCode: 204 };
export const SHOWN_ATTEMPT = { at: SENT.at, ms: 12, status_code: 204, error: null };

export const DeliveryView = z.strictObject({
  id: z.string(),
  webhook: z.string(),
  event_id: z.string(),
  event: z.string(),
  seq: z.number(),
  state: z.string(),
  attempts: z.number(),
  last_attempt: z.unknown(),
  next_attempt_at: z.string().nullable(),
  error: z.string().nullable(),
  replay_of: z.string().nullable(),
  created_at: z.string(),
  settled_at: z.string().nullable(),
});
export const DeliveryDetails = DeliveryView.extend({
  recent_attempts: z.array(z.unknown()),
  body: z.unknown(),
});

/** An instance with two webhooks, `main` and another, and what becomes of its events. */
export class DeliveryScene {
  readonly api: ApiUnderTest;
  readonly instance: OwnedInstance;
  /** The webhook that is not `main`. */
  readonly other: string;

  private constructor(api: ApiUnderTest, instance: OwnedInstance, other: string) {
    this.api = api;
    this.instance = instance;
    this.other = other;
  }

  static async make(api: ApiUnderTest, account: Account): Promise<DeliveryScene> {
    const instance = await anInstance(api, account);
    const json = { ...instance.credentials, webhook_url: 'https://example.com/main' };
    await call(api, 'PUT /whatsapp/setWebhook', { json });
    const answer = await call(api, 'POST /whatsapp/webhooks', { json });
    return new DeliveryScene(api, instance, dataOf(answer, z.object({ id: z.string() })).id);
  }

  /** A call of the instance: `GET /webhooks`. */
  async ask(route: string, fields: object = {}): Promise<Answer> {
    const json = { ...this.instance.credentials, ...fields };
    return await call(this.api, route.replace(' ', ' /whatsapp'), { json });
  }

  /** An event, and its delivery to an endpoint, `main` when nothing is said. */
  async deliver(
    more: Partial<Delivery> = {},
    said: Parameters<typeof recordEvent>[2] = {},
  ): Promise<Delivery> {
    const event = await recordEvent(this.api, this.instance, said);
    const pending = aDelivery(event, { endpointId: 'main' });
    const delivery = { ...pending, ...more };
    await this.api.deps.deliveries.add([pending]);
    await this.api.deps.deliveries.advance(pending, delivery);
    return delivery;
  }

  /** What a runner is to post there. */
  async waiting(endpointId: string): Promise<Delivery[]> {
    const found: Delivery[] = [];
    const of = { instanceId: this.instance.id, endpointId };
    for await (const delivery of this.api.deps.deliveries.waiting(of)) found.push(delivery);
    return found;
  }

  async pause(id: string): Promise<void> {
    await this.ask(`PUT /webhooks/${id}`, { state: 'DISABLED' });
  }
}
