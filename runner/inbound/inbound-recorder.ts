import type { Logger } from 'pino';
import type { Instance } from '#shared/domain/instance.ts';
import { toChatId } from '#shared/domain/recipient.ts';
import type { WebhookEventName } from '#shared/domain/webhook.ts';
import { toEventData } from '../webhooks/event-data.ts';
import type { EventRecorder } from '../webhooks/event-recorder.ts';
import type { InboundMessage } from './inbound-message.ts';
import { toOpenWaMessage } from './open-wa-message.ts';

const TRIES_MAX = 5;
const RETRY_DELAY_MS = 500;

export type InboundDeps = {
  readonly events: EventRecorder;
  readonly sleep: (delayMs: number) => Promise<void>;
  readonly log: Logger;
};

/** Turns the messages that reach one instance into events, in their order. */
export class InboundRecorder {
  readonly #instance: Instance;
  readonly #deps: InboundDeps;
  #tail: Promise<void> = Promise.resolve();

  constructor(instance: Instance, deps: InboundDeps) {
    this.#instance = instance;
    this.#deps = deps;
  }

  /** `done` is called when the events are durable; else the message comes again with the next socket. */
  take(message: InboundMessage, done: () => void): void {
    this.#tail = this.#tail
      .then(() => this.#recordWithPatience(message))
      .then(done)
      .catch((err: unknown) => {
        const { instanceId } = this.#instance;
        this.#deps.log.error({ err, instanceId }, 'A message stays in the inbox.');
      });
  }

  /** Resolves when all that came is recorded. */
  async idle(): Promise<void> {
    await this.#tail;
  }

  /** The table may be away for a moment; later messages wait, so that the order holds. */
  async #recordWithPatience(message: InboundMessage): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#record(message);
        return;
      } catch (cause) {
        if (tries >= TRIES_MAX) throw cause;
        await this.#deps.sleep(RETRY_DELAY_MS * tries);
      }
    }
  }

  async #record(message: InboundMessage): Promise<void> {
    const names: WebhookEventName[] = message.fromMe
      ? ['onAnyMessage']
      : ['onMessage', 'onAnyMessage'];
    const data = toEventData(toOpenWaMessage(message));
    const sender = message.sender.phone ?? message.sender.lid ?? '';
    const key = [toChatId(message.chat), sender, message.waId].join('|');
    for (const event of names) {
      await this.#deps.events.record(this.#instance, { event, at: message.at, key, data });
    }
  }
}
