import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { anEndpoint, anInstance } from '../records.ts';
import { aDelivery, deliveryAtWork, instance } from './delivery-at-work.ts';

const ENDPOINTS = 20;
const HANGING = 8;

describe('WebhookDelivery, to many endpoints of one host', () => {
  it('keeps none waiting for those that hang', async () => {
    const work = await deliveryAtWork();
    const base = new URL(work.receiver.url).origin;
    const hanging: string[] = [];
    const open: ServerResponse[] = [];
    work.receiver.answerWith(({ path }, response) => {
      if (path.startsWith('/hangs')) {
        hanging.push(path);
        open.push(response);
      } else response.writeHead(204).end();
    });
    const ids = Array.from({ length: ENDPOINTS }, (_, n) =>
      n < HANGING ? `hangs${n}` : `answers${n}`,
    );
    for (const endpointId of ids) {
      const url = `${base}/${endpointId}`;
      await work.endpoints.replace(anEndpoint(instance, { endpointId, url }), undefined);
    }
    // Of each, more chats than may be posted of at a time.
    for (let seq = 1; seq <= 6; seq += 1) {
      const event = {
        id: `evt_${seq}`,
        event: 'onMessage' as const,
        ts: work.now().getTime(),
        session_id: anInstance(1).sessionId,
        instance_id: instance.instanceId,
        seq,
        data: { chatId: `${seq}@c.us` },
      };
      const deliveries = ids.map((id) => aDelivery(event, work.now(), id));
      await work.events.append({ event, deliveries });
      work.delivery.enqueue({ event, deliveries });
    }
    await until('all but the hanging ones are served', async () => {
      const pending = (await work.readAll()).filter(({ state }) => state === 'PENDING');
      return pending.length === HANGING * 6;
    });
    const inFlight = ids.map((id) => hanging.filter((path) => path === `/${id}`).length);
    expect(inFlight).toEqual(ids.map((_, n) => (n < HANGING ? 4 : 0)));
    work.stop.abort();
    for (const response of open) response.destroy();
  });
});
