import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../infra/local/until.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import { LinkedInstance, NO_VIOLATIONS, shownBy, violations } from './linked-instance.ts';
import { ProcessTree } from './process-tree.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';
const KILLS = 2;
/** Sends and answers under way when the next kill comes. */
const PER_ROUND = 40;

let tree: ProcessTree;
let receiver: WebhookReceiver;
let instance: LinkedInstance;

beforeAll(async () => {
  tree = await ProcessTree.make();
  receiver = await openWebhookReceiver();
  await tree.start();
  const webhookUrl = receiver.url;
  instance = await LinkedInstance.make(tree, { phone: BUSINESS, others: [CUSTOMER], webhookUrl });
}, 60_000);

afterAll(async () => {
  await tree.kill();
  await receiver.close();
  await tree.remove();
});

it('loses nothing and sends nothing twice when everything is killed in the middle of it', async () => {
  const accepted: string[] = [];
  const written: string[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    await untilRefused(async (index) => {
      const text = `out ${round}-${index}`;
      await instance.send(CUSTOMER, text);
      accepted.push(text);
    }, written);
    await tree.start();
    await instance.untilStatus('CONNECTED');
  }

  const shown = await until('the phone to have all', async () => {
    const messages = await shownBy(tree.simulator, CUSTOMER);
    const texts = messages.flatMap(({ text, fromMe }) => (fromMe ? [] : (text ?? [])));
    return accepted.every((text) => texts.includes(text)) ? texts : undefined;
  });
  // A send whose answer the kill swallowed may have been accepted: it is there once, like the others.
  expect(new Set(shown).size).toBe(shown.length);
  expect(shown.filter((text) => accepted.includes(text))).toEqual(accepted);

  const told = await until('the webhooks of all that the phone wrote', async () => {
    const bodies = inboundBodies(receiver);
    return written.every((text) => bodies.includes(text)) ? bodies : undefined;
  });
  expect(told.filter((text) => written.includes(text))).toEqual(written);
  expect(await violations(tree.simulator)).toEqual(NO_VIOLATIONS);
}, 90_000);

it('ends cleanly when it is told to, and goes on with what was accepted meanwhile', async () => {
  expect(await tree.stop()).toBe(0);
  await tree.start();
  await instance.untilStatus('CONNECTED');
  await instance.untilState(await instance.send(CUSTOMER, 'after a stop'), 'READ');
}, 60_000);

/** Sends, and has the phone write, until the tree is killed in the middle of both. */
async function untilRefused(
  send: (index: number) => Promise<void>,
  written: string[],
): Promise<void> {
  const round = written.length;
  const sending = repeat(send);
  const writing = repeat(async (index) => {
    const text = `in ${round}-${index}`;
    const body = { to: BUSINESS, text };
    const reply = await tree.simulator.call('POST', `/phones/${CUSTOMER}/messages`, body);
    if (reply.status < 300) written.push(text);
  });
  await until(
    'enough to be under way',
    async () => written.length >= round + PER_ROUND || undefined,
  );
  await tree.kill();
  await Promise.all([sending, writing]);
}

/** Until it fails. */
async function repeat(work: (index: number) => Promise<void>): Promise<void> {
  for (let index = 0; ; index += 1) {
    try {
      await work(index);
    } catch {
      return;
    }
  }
}

/** The texts of `onMessage`, each event once, as they arrived. */
function inboundBodies({ received }: WebhookReceiver): string[] {
  const events = received.map(({ body }) => JSON.parse(body));
  const unique = new Map(
    events.filter(({ event }) => event === 'onMessage').map((event) => [event.id, event]),
  );
  return [...unique.values()].map(({ data }) => data.body);
}
