import { onTestFinished } from 'vitest';
import { makeGuardedDispatcher } from '#runner/http/guarded-dispatcher.ts';
import { postWebhook } from '#runner/webhooks/post-webhook.ts';
import { WebhookDelivery } from '#runner/webhooks/webhook-delivery.ts';
import { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { WebhookRepository } from '#shared/repositories/webhook-repository.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { startReceiver } from '../http/receiver.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { anEndpoint, anInstance } from '../records.ts';
import { listeningLog } from '../silent-log.ts';
import { FaultyTable } from './faulty-table.ts';

export const instance = anInstance(1);

/** Deliveries to a real receiver, from a real table. */
export async function deliveryAtWork(
  options: { guard?: { allowPrivate: boolean }; endpoint?: Partial<WebhookEndpoint> } = {},
) {
  const guard = options.guard ?? { allowPrivate: true };
  const { storage } = await openForTest();
  const table = new FaultyTable(storage.table);
  const webhooks = new WebhookRepository(table);
  const receiver = await startReceiver();
  const endpoint = anEndpoint(instance, { url: receiver.url, ...options.endpoint });
  await webhooks.replaceEndpoint(endpoint, undefined);
  const sleep = new ManualSleep();
  const { log, sentences, written } = listeningLog();
  const metrics = recordedMetrics();

  function startRunner() {
    const dispatcher = makeGuardedDispatcher(guard);
    const stop = new AbortController();
    const delivery = new WebhookDelivery(
      {
        webhooks,
        post: (attempt) => postWebhook(attempt, { dispatcher, guard }),
        now: () => new Date(),
        jitter: () => 0.5,
        sleep: sleep.sleep,
        metrics,
        log,
      },
      stop.signal,
    );
    onTestFinished(async () => {
      stop.abort();
      await dispatcher.destroy();
      await delivery.idle();
    });
    return { delivery, stop };
  }

  let lastSeq = 0;
  return {
    ...startRunner(),
    startRunner,
    table,
    webhooks,
    receiver,
    endpoint,
    sleep,
    metrics,
    sentences,
    written,
    /** Records the next event, without telling anybody. */
    async recorded(chatId?: string): Promise<WebhookEvent> {
      lastSeq += 1;
      const event = anEvent(lastSeq, chatId);
      await webhooks.append(event);
      return event;
    },
    undelivered: async () =>
      (await Array.fromAsync(webhooks.undelivered(instance.instanceId))).map(({ seq }) => seq),
    /** The numbers of what was posted, in the order in which it came. */
    posted: () => receiver.posts.map(({ body }) => eventOf(body).seq),
  };
}

function anEvent(seq: number, chatId?: string): WebhookEvent {
  return {
    id: `evt_${seq}`,
    event: 'onMessage',
    ts: Date.parse('2026-11-22T12:00:00Z'),
    session_id: instance.sessionId,
    instance_id: instance.instanceId,
    seq,
    data: chatId === undefined ? { seq } : { seq, chatId },
  };
}

export function eventOf(body: string): WebhookEvent {
  return WebhookEvent.parse(JSON.parse(body));
}
