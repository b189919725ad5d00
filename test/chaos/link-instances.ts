import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { atMost } from '#runner/at-most.ts';
import type { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { ApiClient } from '../../infra/local/api-client.ts';
import type { Chat } from './history.ts';

/** A registration costs all sides CPU, and a code is good for a minute: more at once would only be slower. */
const LINKED_AT_ONCE = 4;
const LOOK_EVERY_MS = 200;
const LINK_MS_MAX = 120_000;
/** Of each instance. */
const CUSTOMERS = 2;

const Created = z.object({
  data: z.object({
    _id: z.string(),
    session_id: z.string(),
    settings: z.object({ access_token: z.string() }),
  }),
});
const WebhookAnswer = z.object({ data: z.object({ secret: z.string() }) });
const Scan = z.object({ data: z.object({ qr: z.string() }) });
const Phone = z.object({
  number: z.string(),
  devices: z.array(z.object({ online: z.boolean() })),
});
const Socket = z.object({ number: z.string(), login: z.number() });

/** An instance that its phone has linked. */
export type Linked = {
  readonly instanceId: string;
  readonly credentials: { readonly session_id: string; readonly access_token: string };
  readonly number: string;
  /** That signs its webhooks. */
  readonly secret: string;
  readonly chats: readonly Chat[];
};

type Ends = {
  readonly api: ApiClient;
  readonly simulator: ApiClient;
  readonly webhookUrl: string;
};

/** Makes so many instances with simulated phones, and customers who each have a chat with two of them. */
export async function linkInstances(count: number, ends: Ends): Promise<Linked[]> {
  const limit = atMost(LINKED_AT_ONCE);
  const indexes = Array.from({ length: count }, (_, index) => index);
  return await Promise.all(
    indexes.map((index) => limit(async () => await linkOne({ index, count }, ends))),
  );
}

async function linkOne(
  { index, count }: { index: number; count: number },
  { api, simulator, webhookUrl }: Ends,
): Promise<Linked> {
  const created = await api.call('POST', '/whatsapp/createNewWhatsapp', {});
  const { _id: instanceId, session_id, settings } = Created.parse(created.body).data;
  const credentials = { session_id, access_token: settings.access_token };
  // The history says of each message who has sent it, and why.
  await api.call('PUT', '/whatsapp/updateActions', { ...credentials, reply_msgs: false });
  const prefer = { prefer: 'return=representation' };
  const webhook = { ...credentials, webhook_url: webhookUrl, events: ['onMessage'] };
  const told = await api.call('PUT', '/whatsapp/setWebhook', webhook, prefer);
  const { secret } = WebhookAnswer.parse(told.body).data;
  await api.call('POST', '/whatsapp/init', credentials);

  const number = businessNumber(index);
  const customers = Array.from({ length: CUSTOMERS }, (_, step) =>
    customerNumber((index + step) % Math.max(count, CUSTOMERS)),
  );
  for (const phone of [number, ...customers]) {
    await simulator.call('POST', '/phones', { number: phone });
  }
  const query = new URLSearchParams({ ...credentials, format: 'json' });
  await untilThere(`the device of ${instanceId}`, async () => {
    const { status, body } = await api.call('GET', `/whatsapp/scan?${query}`);
    if (status !== 200) return (await isOnline(number, simulator)) || undefined;
    // A code is stale when the session moves to another runner just then: the next one is scanned.
    const { qr } = Scan.parse(body).data;
    await simulator.call('POST', `/phones/${number}/link`, { qr });
    return undefined;
  });
  const chats = customers.map((customer) => ({ instanceId, business: number, customer }));
  return { instanceId, credentials, number, secret, chats };
}

/** Whether the device that a phone has linked has a socket. */
async function isOnline(number: string, simulator: ApiClient): Promise<boolean> {
  const { body } = await simulator.call('GET', `/phones/${number}`);
  return Phone.parse(body).devices.some(({ online }) => online);
}

/** The login of each number's socket, which is another one when it has come back. Costs the simulator next to nothing. */
export async function loginsOf(simulator: ApiClient): Promise<ReadonlyMap<string, number>> {
  const { body } = await simulator.call('GET', '/sockets');
  return new Map(
    z
      .array(Socket)
      .parse(body)
      .map(({ number, login }) => [number, login]),
  );
}

/** The numbers of each shard's instances. */
export async function numbersByShard(
  linked: readonly Linked[],
  { instances, shardCount }: { instances: InstanceRepository; shardCount: number },
): Promise<Map<number, string[]>> {
  const numbers = new Map(linked.map(({ instanceId, number }) => [instanceId, number]));
  const byShard = new Map<number, string[]>();
  for (let shard = 0; shard < shardCount; shard += 1) {
    const those = await Array.fromAsync(instances.listByShard(shard));
    byShard.set(
      shard,
      those.flatMap(({ instanceId }) => numbers.get(instanceId) ?? []),
    );
  }
  return byShard;
}

async function untilThere<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const endMs = performance.now() + LINK_MS_MAX;
  while (performance.now() < endMs) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`Waited in vain for ${what}.`);
}

function businessNumber(index: number): string {
  return String(15_550_000_000 + index);
}

function customerNumber(index: number): string {
  return String(15_560_000_000 + index);
}
