import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { AttemptOutcome, PostWebhook } from '#runner/webhooks/post-webhook.ts';
import { WebhookWork } from '#runner/webhooks/webhook-work.ts';
import { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { silentMetrics } from '#shared/metrics/metrics.ts';
import { DeliveryRepository } from '#shared/repositories/delivery-repository.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { MemoryTable } from '#simulation/storage/memory-table.ts';
import { Chance } from '#simulation/time/chance.ts';
import { VirtualTime } from '#simulation/time/virtual-time.ts';
import { anEndpoint, anInstance } from '../records.ts';
import { silentLog } from '../silent-log.ts';

const LIVES = 40;
const EVENTS = 60;
const CHATS = 5;
const RESTARTS = 3;
const TROUBLES = 4;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EPOCH_MS = Date.parse('2026-11-22T12:00:00Z');
const ENDPOINTS = ['a', 'b', 'c'];

const plain = anInstance(1);
const actions = { ...plain.settings.actions, send_webhook: true };
const instance = { ...plain, settings: { ...plain.settings, actions } };
const { instanceId } = instance;

type Posted = { readonly endpoint: string; readonly chatId: string; readonly seq: number };

type Sleep = (delayMs: number, signal?: AbortSignal) => Promise<void>;

/** Whoever is posted to, and what must not be seen there. */
class Receivers {
  readonly inTrouble = new Set<string>();
  readonly faults: string[] = [];
  /** The numbers of events in the order in which they first came, by endpoint and chat. */
  readonly firsts = new Map<string, number[]>();
  posts = 0;
  readonly #underWay: Posted[] = [];
  readonly #chance: Chance;
  readonly #sleep: Sleep;

  constructor(chance: Chance, sleep: Sleep) {
    this.#chance = chance;
    this.#sleep = sleep;
  }

  readonly post: PostWebhook = async ({ url, body }): Promise<AttemptOutcome> => {
    const { seq, data } = WebhookEvent.parse(JSON.parse(body));
    const one = { endpoint: url.slice(-1), chatId: String(Object(data).chatId), seq };
    this.#check(one);
    this.posts += 1;
    this.#underWay.push(one);
    await this.#sleep(this.#chance.between(1, 500));
    this.#underWay.splice(this.#underWay.indexOf(one), 1);
    if (this.inTrouble.has(one.endpoint)) return { kind: 'failed', reason: 'ECONNRESET' };
    return { kind: 'answered', statusCode: this.#chance.hits(0.02) ? 500 : 204 };
  };

  #check({ endpoint, chatId, seq }: Posted): void {
    const ofIt = this.#underWay.filter((other) => other.endpoint === endpoint);
    if (ofIt.length >= 4) this.faults.push(`more than four posts to ${endpoint}`);
    if (ofIt.some((other) => other.chatId === chatId)) this.faults.push('two posts of a chat');
    const lane = `${endpoint} ${chatId}`;
    const firsts = this.firsts.get(lane) ?? [];
    if (!firsts.includes(seq)) this.firsts.set(lane, [...firsts, seq]);
  }
}

function sleepOf(time: VirtualTime): Sleep {
  return async (delayMs, signal) => {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = time.after(Math.max(1, delayMs), resolve);
    signal?.addEventListener('abort', () => {
      cancel();
      reject(signal.reason);
    });
    await promise;
  };
}

/** The instance, its endpoints, and runners that hold it one after the other. */
async function makeWorld(seed: number) {
  const chance = new Chance(seed);
  const time = new VirtualTime();
  const now = () => new Date(EPOCH_MS + Math.floor(time.nowMs));
  const sleep = sleepOf(time);
  const table = new MemoryTable({ now });
  const receivers = new Receivers(chance, sleep);
  const instances = new InstanceRepository(table);
  const endpoints = new EndpointRepository(table);
  await instances.create(instance);
  for (const endpointId of ENDPOINTS) {
    const url = `https://hooks.invalid/${endpointId}`;
    await endpoints.replace(anEndpoint(instance, { endpointId, url }), undefined);
  }
  const startRunner = () => {
    const options = {
      ...{ table, instances, now, sleep },
      post: receivers.post,
      messages: new MessageRepository(table),
      toOwnMessage: () => undefined,
      guard: { allowPrivate: true },
      newId: () => ulid(now().getTime(), () => chance.next()),
      jitter: () => chance.next(),
      metrics: silentMetrics,
      log: silentLog,
    };
    const work = new WebhookWork(options, new AbortController().signal);
    work.delivery.hold(instanceId);
    return work;
  };
  return { chance, time, now, table, receivers, endpoints, startRunner };
}

/** An hour of events, of endpoints that fail and answer again, and of runners that end, in virtual time. */
async function live(seed: number) {
  const { chance, time, now, table, receivers, endpoints, startRunner } = await makeWorld(seed);
  const { inTrouble } = receivers;
  let work = startRunner();
  const often = (count: number, what: (n: number) => void) => {
    for (let n = 0; n < count; n += 1) time.after(chance.between(0, HOUR_MS), () => what(n));
  };
  often(EVENTS, (n) => {
    const data = { chatId: `${chance.below(CHATS)}@c.us` };
    const happening = { event: 'onMessage', at: now(), key: `${n}`, data } as const;
    void work.recorder.record(instance, happening);
  });
  often(RESTARTS, () => {
    const before = work;
    work = startRunner();
    void before.leave(instanceId).then(() => work.delivery.resume(instanceId));
  });
  often(TROUBLES, () => {
    const endpoint = chance.pick(ENDPOINTS);
    inTrouble.add(endpoint);
    time.after(chance.between(1_000, HOUR_MS), () => inTrouble.delete(endpoint));
  });
  await time.runUntil(2 * DAY_MS);
  const deliveries = await Array.fromAsync(new DeliveryRepository(table).newest(instanceId));
  return { receivers, deliveries, endpoints: await endpoints.list(instance) };
}

describe('WebhookDelivery, in many lives', () => {
  it('delivers every event to every endpoint, whatever fails and ends in between', async () => {
    let posts = 0;
    for (let seed = 1; seed <= LIVES; seed += 1) {
      const life = await live(seed);
      posts += life.receivers.posts;
      const states = life.deliveries.map(({ state }) => state);
      expect(states, `seed ${seed}`).toEqual(Array(EVENTS * ENDPOINTS.length).fill('DELIVERED'));
      expect(life.endpoints.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
      expect(life.receivers.faults, `seed ${seed}`).toEqual([]);
      for (const firsts of life.receivers.firsts.values()) {
        expect(firsts, `seed ${seed}`).toEqual([...firsts].sort((a, b) => a - b));
      }
    }
    // A life in which nothing failed would prove little.
    expect(posts).toBeGreaterThan(LIVES * EVENTS * ENDPOINTS.length * 1.1);
  }, 60_000);
});
