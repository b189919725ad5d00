import { ulid } from 'ulid';
import { onTestFinished } from 'vitest';
import { makeGuardedDispatcher } from '#runner/http/guarded-dispatcher.ts';
import { postWebhook } from '#runner/webhooks/post-webhook.ts';
import { WebhookDelivery } from '#runner/webhooks/webhook-delivery.ts';
import { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { Delivery } from '#shared/domain/delivery.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { DeliveryRepository } from '#shared/repositories/delivery-repository.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { EventRepository, type Recorded } from '#shared/repositories/event-repository.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../http/receiver.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { anEndpoint, anInstance } from '../records.ts';
import { listeningLog } from '../silent-log.ts';
import { FaultyTable } from './faulty-table.ts';

export const instance = anInstance(1);
const { instanceId } = instance;

type Options = { guard?: { allowPrivate: boolean }; endpoint?: Partial<WebhookEndpoint> };

/** Deliveries to a real receiver, from a real table, at a time that the test moves on. */
export async function deliveryAtWork(options: Options = {}) {
  const guard = options.guard ?? { allowPrivate: true };
  const { storage } = await openForTest();
  const table = new FaultyTable(storage.table);
  const events = new EventRepository(table);
  const deliveries = new DeliveryRepository(table);
  const endpoints = new EndpointRepository(table);
  const receiver = await startReceiver();
  const endpoint = anEndpoint(instance, { url: receiver.url, ...options.endpoint });
  await endpoints.replace(endpoint, undefined);
  const sleep = new ManualSleep();
  const { log, sentences, written } = listeningLog();
  const metrics = recordedMetrics();
  const disabled: string[] = [];
  let passedMs = 0;
  const now = () => new Date(Date.now() + passedMs);

  function startRunner() {
    const dispatcher = makeGuardedDispatcher(guard, { connections: null });
    const stop = new AbortController();
    const deps = { events, deliveries, endpoints, now, metrics, log, sleep: sleep.sleep };
    const delivery = new WebhookDelivery(
      {
        ...deps,
        post: (attempt) => postWebhook(attempt, { dispatcher, guard }),
        onDisabled: (ref) => void disabled.push(ref.instanceId),
        jitter: () => 0.5,
      },
      stop.signal,
    );
    delivery.hold(instanceId);
    onTestFinished(async () => {
      stop.abort();
      await dispatcher.destroy();
      await delivery.idle();
    });
    return { delivery, stop };
  }

  let lastSeq = 0;
  const readAll = async () => await Array.fromAsync(deliveries.newest(instanceId));
  return {
    ...startRunner(),
    startRunner,
    table,
    events,
    deliveries,
    endpoints,
    receiver,
    endpoint,
    sleep,
    metrics,
    sentences,
    written,
    disabled,
    now,
    readAll,
    /** Time goes on, and every timer looks at it. */
    pass(ms: number): void {
      passedMs += ms;
      sleep.wake();
    },
    /** Records the next event, without telling anybody. */
    async recorded(chatId?: string): Promise<Recorded> {
      lastSeq += 1;
      const recorded = toRecorded(lastSeq, { chatId, at: now() });
      await events.append(recorded);
      return recorded;
    },
    /** The delivery of the event with this number. */
    async deliveryOf(seq: number): Promise<Delivery> {
      const found = (await readAll()).find((delivery) => delivery.seq === seq);
      if (found === undefined) throw new Error(`Nothing delivers event ${seq}.`);
      return found;
    },
    /** The numbers of what is not settled. */
    async pending(): Promise<number[]> {
      const all = (await readAll()).filter(({ state }) => state === 'PENDING');
      return all.map(({ seq }) => seq).sort((a, b) => a - b);
    },
    stored: async () => await endpoints.get(instance, endpoint.endpointId),
    /** The numbers of what was posted, in the order in which it came. */
    posted: () => receiver.posts.map(({ body }) => eventOf(body).seq),
  };
}

export type Work = Awaited<ReturnType<typeof deliveryAtWork>>;

export async function recordSeveral(
  work: Work,
  count: number,
  chatOf: (n: number) => string | undefined = () => '1@c.us',
): Promise<Recorded[]> {
  const all: Recorded[] = [];
  for (let n = 1; n <= count; n += 1) all.push(await work.recorded(chatOf(n)));
  return all;
}

/** Nothing waits for the one endpoint any more. */
export const isSettled = (work: Work) =>
  until('all is settled', async () => {
    const ref = { instanceId, endpointId: 'main' };
    return (await work.deliveries.firstWaiting(ref, 1)).places.length === 0;
  });

function toRecorded(
  seq: number,
  { chatId, at }: { chatId: string | undefined; at: Date },
): Recorded {
  const event: WebhookEvent = {
    id: `evt_${seq}`,
    event: 'onMessage',
    ts: at.getTime(),
    session_id: instance.sessionId,
    instance_id: instanceId,
    seq,
    data: chatId === undefined ? { seq } : { seq, chatId },
  };
  return { event, deliveries: [aDelivery(event, at)] };
}

/** A delivery to the one endpoint that no attempt was made of. */
export function aDelivery(event: WebhookEvent, at: Date, endpointId = 'main'): Delivery {
  return {
    instanceId,
    deliveryId: ulid(),
    endpointId,
    eventId: event.id,
    seq: event.seq,
    event: event.event,
    state: 'PENDING',
    attempts: 0,
    recent: [],
    createdAt: at.toISOString(),
  };
}

export function eventOf(body: string): WebhookEvent {
  return WebhookEvent.parse(JSON.parse(body));
}
