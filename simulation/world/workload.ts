import { createHash } from 'node:crypto';
import { shardQueueSettings } from '#shared/contracts/doorbell.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { type Message, toWaId } from '#shared/domain/message.ts';
import { defaultSettings, type Settings } from '#shared/domain/settings.ts';
import { EndpointRepository, MAIN_ENDPOINT } from '#shared/repositories/endpoint-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { EPOCH_MS } from './make-storage.ts';
import type { World } from './world.ts';

const CHATS_PER_INSTANCE = 3;
/** Nothing is asked before the first runners have begun. */
const CALM_FIRST_MS = 8_000;
/** Of the doorbells, so many in one never ring, come twice, or come late. */
const BELL = { lost: 0.05, twice: 0.05, late: 0.05, lateMsMax: 600_000 } as const;
/** Messages that one call accepts for a chat at the most. */
const BURST_MAX = 3;

/** What was asked of the system, as it was promised to be done. */
export class Workload {
  readonly #world: World;
  readonly #instances: readonly Instance[];
  readonly #accepted: Message[] = [];
  readonly #inbound: string[] = [];

  constructor(world: World) {
    this.#world = world;
    const { sizes } = world;
    this.#instances = Array.from({ length: sizes.instances }, (_, n) => anInstance(n, world));
  }

  /** In the order in which they were accepted. */
  get accepted(): readonly Message[] {
    return this.#accepted;
  }

  /** WhatsApp's ids of the messages to the instances. */
  get inbound(): readonly string[] {
    return this.#inbound;
  }

  /** Creates the instances, and sets when what is asked of them. */
  async begin(): Promise<void> {
    const { time, chance, sizes, storage, whatsapp } = this.#world;
    const instances = new InstanceRepository(storage.table);
    const endpoints = new EndpointRepository(storage.table);
    for (const instance of this.#instances) {
      await instances.create(instance);
      await endpoints.replace(anEndpoint(instance, this.#world), undefined);
      whatsapp.device(instance.instanceId);
    }
    const endMs = sizes.minutes * 60_000;
    for (let sends = 0; sends < sizes.sends; ) {
      const count = Math.min(1 + chance.below(BURST_MAX), sizes.sends - sends);
      time.after(chance.between(CALM_FIRST_MS, endMs), () => void this.#accept(count));
      sends += count;
    }
    for (let n = 0; n < sizes.inbound; n += 1) {
      time.after(chance.between(CALM_FIRST_MS, endMs), () => this.#write());
    }
  }

  #write(): void {
    const { chance, whatsapp, time } = this.#world;
    const { instanceId } = chance.pick(this.#instances);
    const atS = Math.floor((EPOCH_MS + time.nowMs) / 1_000);
    this.#inbound.push(whatsapp.write(instanceId, this.#aChat(), atS));
  }

  async #accept(count: number): Promise<void> {
    const { chance, storage, ledger, story } = this.#world;
    const instance = chance.pick(this.#instances);
    const chatId = this.#aChat();
    const messages = Array.from({ length: count }, () => this.#aMessage(instance, chatId));
    await new MessageRepository(storage.table).accept(messages);
    this.#accepted.push(...messages);
    for (const { waId } of messages) {
      ledger.count('sends');
      story.tell(() => `accepted ${waId} for ${instance.instanceId.slice(-4)}, to ${chatId}`);
    }
    for (const { messageId } of messages) this.#ring(instance, messageId);
  }

  #ring({ accountId, instanceId, shard }: Instance, messageId: string): void {
    const { chance, time, storage } = this.#world;
    if (chance.hits(BELL.lost)) return;
    const queue = storage.openQueue(shardQueueSettings(shard));
    const body = JSON.stringify({ kind: 'outbox', accountId, instanceId });
    const send = (dedupId: string) => void queue.send({ group: instanceId, dedupId, body });
    time.after(chance.hits(BELL.late) ? chance.between(0, BELL.lateMsMax) : 0, () =>
      send(messageId),
    );
    if (chance.hits(BELL.twice)) send(`${messageId}-again`);
  }

  #aMessage({ accountId, instanceId, shard }: Instance, chatId: string): Message {
    const { time, newId } = this.#world;
    const now = new Date(EPOCH_MS + Math.floor(time.nowMs));
    const messageId = newId(now);
    const digest = createHash('sha256').update(`${instanceId}|${messageId}`).digest('hex');
    return {
      accountId,
      instanceId,
      shard,
      messageId,
      waId: toWaId(digest),
      chatId,
      content: { kind: 'text', text: `words of ${messageId}` },
      state: 'QUEUED',
      attempts: 0,
      queuedAt: now.toISOString(),
    };
  }

  #aChat(): string {
    return `23481000000${this.#world.chance.below(CHATS_PER_INSTANCE)}@c.us`;
  }
}

/** What is promised of messages is told apart from what a bot would answer to them. */
function silentSettings(): Settings {
  const settings = defaultSettings();
  return { ...settings, actions: { ...settings.actions, reply_msgs: false, send_webhook: true } };
}

function anInstance(n: number, { chance, sizes }: World): Instance {
  const at = new Date(EPOCH_MS).toISOString();
  return {
    accountId: 'a'.repeat(24),
    instanceId: (n + 1).toString(16).padStart(24, '0'),
    sessionId: groups(chance.hex(32)),
    accessToken: groups(chance.hex(32)),
    shard: n % sizes.shards,
    settings: silentSettings(),
    generation: 1,
    desired: 'ON',
    status: 'CREATED',
    createdAt: at,
    updatedAt: at,
  };
}

function anEndpoint({ accountId, instanceId, createdAt, updatedAt }: Instance, { chance }: World) {
  return {
    accountId,
    instanceId,
    endpointId: MAIN_ENDPOINT,
    url: 'http://hooks.invalid/',
    events: ['onMessage' as const, 'onAck' as const],
    state: 'ACTIVE' as const,
    secret: `whsec_${Buffer.from(chance.hex(64), 'hex').toString('base64')}`,
    createdAt,
    updatedAt,
  };
}

function groups(hex: string): string {
  return (hex.match(/.{4}/g) ?? []).join('-');
}
