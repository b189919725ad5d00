import * as z from 'zod';
import type { PostWebhook } from '#runner/webhooks/post-webhook.ts';
import { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { Link } from '../faults/link.ts';
import type { Host } from '../time/host.ts';
import type { World } from './world.ts';

/** Of the posts, the receiver answers so many in one with 500. */
const FAULTY = 0.02;
/** It takes an event at this try at the latest: otherwise one may be given up, as it should. */
const FAULTS_MAX = 3;

const OfMessage = z.object({ mId: z.string(), ack: z.number() });

/** Whoever receives the webhooks of all instances. */
export class PostOffice {
  readonly #world: World;
  /** The events that told of a message, by its WhatsApp id. */
  readonly #events = new Map<string, Set<string>>();
  /** How far messages of ours have come, as told, by their WhatsApp ids. */
  readonly #acks = new Map<string, Set<number>>();
  readonly #tries = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The ids of the events of this name that told of the message. */
  eventsOf(waId: string): ReadonlySet<string> {
    return this.#events.get(waId) ?? new Set();
  }

  /** Whether a webhook told that the message of ours has come so far. */
  hasAck(waId: string, ack: number): boolean {
    return this.#acks.get(waId)?.has(ack) ?? false;
  }

  /** How a machine posts. */
  from(host: Host, link: Link): PostWebhook {
    return async ({ body }) => {
      const event = WebhookEvent.parse(JSON.parse(body));
      const tries = (this.#tries.get(event.id) ?? 0) + 1;
      this.#tries.set(event.id, tries);
      if (tries > FAULTS_MAX) await host.sleep(1);
      if (tries > FAULTS_MAX) return this.#take(event);
      try {
        return await link.call(async () => {
          const isFaulty = this.#world.isStormy && this.#world.chance.hits(FAULTY);
          return isFaulty ? { kind: 'answered', statusCode: 500 } : this.#take(event);
        });
      } catch {
        return { kind: 'failed', reason: 'ETIMEDOUT' };
      }
    };
  }

  #take({ id, event, data }: WebhookEvent): { kind: 'answered'; statusCode: number } {
    this.#world.ledger.count('webhooks');
    const { mId: waId, ack } = OfMessage.safeParse(data).data ?? {};
    if (waId !== undefined && event === 'onMessage') {
      const known = this.#events.get(waId) ?? new Set();
      this.#events.set(waId, known.add(id));
    }
    if (waId !== undefined && ack !== undefined && event === 'onAck') {
      const known = this.#acks.get(waId) ?? new Set();
      this.#acks.set(waId, known.add(ack));
    }
    return { kind: 'answered', statusCode: 200 };
  }
}
