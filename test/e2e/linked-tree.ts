import { until } from '../../infra/local/until.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import { LinkedInstance, type PhoneMessage, shownBy } from './linked-instance.ts';
import { ProcessTree } from './process-tree.ts';

export type Event = {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: the data are looked into by tests, and a wrong shape fails them.
  readonly data: any;
};

/** A process tree with one linked instance, whose events are kept. */
export class LinkedTree {
  readonly tree: ProcessTree;
  readonly instance: LinkedInstance;
  readonly #receiver: WebhookReceiver;

  private constructor(tree: ProcessTree, instance: LinkedInstance, receiver: WebhookReceiver) {
    this.tree = tree;
    this.instance = instance;
    this.#receiver = receiver;
  }

  static async open(phones: { phone: string; others: string[] }): Promise<LinkedTree> {
    const tree = await ProcessTree.make();
    const receiver = await openWebhookReceiver();
    await tree.start();
    const ends = { ...phones, webhookUrl: receiver.url };
    return new LinkedTree(tree, await LinkedInstance.make(tree, ends), receiver);
  }

  /** The first event that the condition holds for. */
  async event(what: string, isIt: (event: Event) => boolean): Promise<Event> {
    return await until(what, async () => this.events.find(isIt));
  }

  /** All that have come. */
  get events(): readonly Event[] {
    return this.#receiver.received.map(({ body }): Event => JSON.parse(body));
  }

  /** The message with this id, as soon as the phone shows it. */
  async shown(number: string, id: string): Promise<PhoneMessage> {
    return await until(`${number} to show ${id}`, async () => {
      const messages = await shownBy(this.tree.simulator, number, 1_000);
      return messages.find((message) => message.id === id);
    });
  }

  async close(): Promise<void> {
    await this.tree.kill();
    await this.#receiver.close();
    await this.tree.remove();
  }
}
