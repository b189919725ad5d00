import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../infra/local/until.ts';
import type { WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import { type LinkedInstance, type RunningSystem, shownBy } from './linked-instance.ts';

/** What comes together while no runner holds the session must be caught up with in seconds. */
const EVERY_MS = 250;

type Ends = {
  readonly instance: LinkedInstance;
  readonly receiver: WebhookReceiver;
  readonly business: string;
  readonly customer: string;
  /** Between two texts one way. */
  readonly everyMs?: number;
};

/** One text each way, again and again, until it is told to stop; and whether each arrived, once and in order. */
export class Traffic {
  readonly sent: string[] = [];
  readonly written: string[] = [];
  readonly #system: RunningSystem;
  readonly #ends: Ends;
  #isOver = false;
  #flowing: Promise<unknown> = Promise.resolve();

  constructor(system: RunningSystem, ends: Ends) {
    this.#system = system;
    this.#ends = ends;
  }

  start(): void {
    this.#isOver = false;
    this.#flowing = Promise.all([this.#send(), this.#write()]);
  }

  /** Resolves when so many more went each way. */
  async flows(count: number): Promise<void> {
    const [sent, written] = [this.sent.length + count, this.written.length + count];
    await until('more texts', async () => {
      return (this.sent.length >= sent && this.written.length >= written) || undefined;
    });
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#flowing;
  }

  /** What the customer's phone shows, when all that was sent is there. */
  async shown(): Promise<string[]> {
    return await until('the phone to have all', async () => {
      const messages = await shownBy(this.#system.simulator, this.#ends.customer, 1_000);
      const texts = messages.flatMap(({ text, fromMe }) => (fromMe ? [] : (text ?? [])));
      return this.sent.every((text) => texts.includes(text)) ? texts : undefined;
    });
  }

  /** What the webhook was told of, each event once, when all that was written is there. */
  async told(): Promise<string[]> {
    return await until('the webhooks of all', async () => {
      const events = this.#ends.receiver.received
        .map(({ body }) => JSON.parse(body))
        .filter(({ event }) => event === 'onMessage');
      const unique = new Map(events.map((event) => [event.id, event]));
      const bodies: string[] = [...unique.values()].map(({ data }) => data.body);
      return this.written.every((text) => bodies.includes(text)) ? bodies : undefined;
    });
  }

  async #send(): Promise<void> {
    while (!this.#isOver) {
      const text = `out ${this.sent.length}`;
      await this.#ends.instance.send(this.#ends.customer, text);
      this.sent.push(text);
      await sleep(this.#ends.everyMs ?? EVERY_MS);
    }
  }

  async #write(): Promise<void> {
    const { customer, business } = this.#ends;
    while (!this.#isOver) {
      const text = `in ${this.written.length}`;
      const body = { to: business, text };
      await this.#system.simulator.call('POST', `/phones/${customer}/messages`, body);
      this.written.push(text);
      await sleep(this.#ends.everyMs ?? EVERY_MS);
    }
  }
}
