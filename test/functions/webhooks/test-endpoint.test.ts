import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Delivery } from '#shared/domain/delivery.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { type Account, anAccount, dataOf } from '../callers.ts';
import { DeliveryDetails, DeliveryScene, SENT, SHOWN_ATTEMPT } from './delivery-scene.ts';

let api: ApiUnderTest;
let account: Account;
let scene: DeliveryScene;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => await api.close());
beforeEach(async () => {
  scene = await DeliveryScene.make(api, account);
});

describe('POST /whatsapp/webhooks/{webhookId}/test', () => {
  const Tested = z.strictObject({ delivery: DeliveryDetails });

  it('tells what the endpoint answered, whatever events it asks for', async () => {
    await scene.ask('PUT /webhooks/main', { events: ['onAck'], filters: { groups: true } });
    const test = scene.ask('POST /webhooks/main/test');
    await expect.poll(() => scene.waiting('main'), { interval: 5 }).toHaveLength(1);
    const [pending] = await scene.waiting('main');
    if (!pending) throw new Error('Nothing waits.');
    const state = 'DELIVERED';
    const delivered: Delivery = { ...pending, state, attempts: 1, recent: [SENT] };
    await api.deps.deliveries.advance(pending, delivered);
    const answer = await test;

    expect(answer.status).toBe(200);
    const { delivery } = dataOf(answer, Tested);
    expect(delivery).toMatchObject({ state: 'DELIVERED', event: 'onTest', seq: 0 });
    expect(delivery.last_attempt).toEqual(SHOWN_ATTEMPT);
    const { session_id } = scene.instance.credentials;
    const body = { id: pending.eventId, event: 'onTest', seq: 0, session_id };
    expect(delivery.body).toMatchObject({ ...body, data: { webhook: 'main' } });
    expect(await api.deps.events.lastSeq(scene.instance.id)).toBe(0);
  });

  it('tells of one that failed', async () => {
    const test = scene.ask('POST /webhooks/main/test');
    await expect.poll(() => scene.waiting('main'), { interval: 5 }).toHaveLength(1);
    const [pending] = await scene.waiting('main');
    if (!pending) throw new Error('Nothing waits.');
    const recent = [{ at: SENT.at, ms: 3, statusCode: 500 }];
    const dead = { state: 'DEAD', error: 'The test has failed.', attempts: 1 } as const;
    await api.deps.deliveries.advance(pending, { ...pending, ...dead, recent });

    const answer = await test;
    expect(answer.status).toBe(200);
    expect(dataOf(answer, Tested).delivery).toMatchObject({
      ...dead,
      last_attempt: { status_code: 500 },
    });
  });

  it('says that it is on its way when no runner takes it in time', async () => {
    const answer = await scene.ask('POST /webhooks/main/test');

    expect(answer.status).toBe(202);
    expect(dataOf(answer, Tested).delivery).toMatchObject({ state: 'PENDING', attempts: 0 });
    const { id } = dataOf(answer, Tested).delivery;
    expect(
      dataOf(await scene.ask(`GET /webhooks/deliveries/${id}`), DeliveryDetails).body,
    ).toMatchObject({
      event: 'onTest',
    });
  });

  it('is made of a webhook that is disabled, too', async () => {
    await scene.pause('main');

    expect((await scene.ask('POST /webhooks/main/test')).status).toBe(202);
    expect(await scene.waiting('main')).toMatchObject([{ event: 'onTest' }]);
  });
});
