import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { until } from '../../infra/local/until.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import { type FileServer, openFileServer } from './file-server.ts';
import { LinkedInstance, NO_VIOLATIONS, shownBy, violations } from './linked-instance.ts';
import { ProcessTree } from './process-tree.ts';

const BUSINESS = '15550000001';
const ADA = '15550000002';
const BEN = '15550000003';
const CLEO = '15550000004';
const DAN = '15550000005';
const EVE = '15550000006';
const PRICE = 'It is $5.';
const NO_KEYWORD = 'Ask for the price.';
const CATALOGUE = '/catalogue.pdf';
/** A runner starts anew, which takes its time on a busy machine. */
const KILL_TIMEOUT_MS = 60_000;

const Phone = z.object({ devices: z.array(z.object({ online: z.boolean() })).min(1) });

let tree: ProcessTree;
let receiver: WebhookReceiver;
let files: FileServer;
let instance: LinkedInstance;

beforeAll(async () => {
  tree = await ProcessTree.make();
  receiver = await openWebhookReceiver();
  files = await openFileServer({ [CATALOGUE]: answerTheSecondTime() });
  await tree.start();
  const others = [ADA, BEN, CLEO, DAN, EVE];
  const ends = { phone: BUSINESS, others, webhookUrl: receiver.url, hasBot: true };
  instance = await LinkedInstance.make(tree, ends);
  await call('POST', 'keywords', { keyword: 'price', reply: { type: 'text', message: PRICE } });
  const url = `${files.origin}${CATALOGUE}`;
  const reply = { type: 'media', media_type: 'document', url };
  await call('POST', 'keywords', { keyword: 'catalogue', reply });
  await call('PUT', 'updateGeneral', { default_msg: NO_KEYWORD, bot_timezone: '+0' });
}, 60_000);

afterAll(async () => {
  await tree.kill();
  await receiver.close();
  await files.close();
  await tree.remove();
});

async function call(method: 'POST' | 'PUT', path: string, fields: object): Promise<void> {
  const body = { ...instance.credentials, ...fields };
  const reply = await (await tree.api()).call(method, `/whatsapp/${path}`, body);
  if (reply.status >= 300) throw new Error(`Refused: ${JSON.stringify(reply)}`);
}

async function write(from: string, text: string, to = BUSINESS): Promise<void> {
  await tree.simulator.call('POST', `/phones/${from}/messages`, { to, text });
}

/** What the phone was answered, in order. */
async function repliesTo(phone: string): Promise<string[]> {
  const messages = await shownBy(tree.simulator, phone);
  return messages.flatMap(({ text, fromMe }) => (fromMe || text === undefined ? [] : [text]));
}

async function untilAnswered(phone: string, count: number): Promise<string[]> {
  return await until(`${phone} to be answered`, async () => {
    const replies = await repliesTo(phone);
    return replies.length >= count ? replies : undefined;
  });
}

/** The process is gone, and WhatsApp has seen it. */
async function killRunner(): Promise<void> {
  for (const pid of tree.runnerPids()) process.kill(pid, 'SIGKILL');
  await until('the device to be offline', async () => {
    const { body } = await tree.simulator.call('GET', `/phones/${BUSINESS}`);
    const { devices } = Phone.parse(body);
    return devices.every(({ online }) => !online) || undefined;
  });
}

describe('a bot', () => {
  it('answers a keyword, and what has none once in an hour', async () => {
    await write(ADA, 'hello');
    await untilAnswered(ADA, 1);
    for (const text of ['are you there?', 'and the PRICE?']) await write(ADA, text);

    expect(await untilAnswered(ADA, 2)).toEqual([NO_KEYWORD, PRICE]);
  });

  it('answers in a group to the very message', async () => {
    const group = { subject: 'Plans', participants: [BUSINESS, BEN] };
    const { body } = await tree.simulator.call('POST', '/groups', group);
    const chat = String(Object(body).id);
    await write(BEN, 'the price, please', chat);
    await untilAnswered(BEN, 1);

    const [reply] = (await shownBy(tree.simulator, BEN)).filter(({ fromMe }) => !fromMe);
    expect(reply).toMatchObject({ chat, text: PRICE, quotedText: 'the price, please' });
  });

  it('says nothing outside of its hours', async () => {
    const hour = new Date().getUTCHours();
    const [from, to] = [hour + 2, hour + 3].map((each) => `${each % 24}:00`);
    await call('PUT', 'updateActiveHours', { from, to });
    await write(CLEO, 'price, anybody?');
    await write(CLEO, 'anybody?');
    // A message is told when the one before it in its chat was looked at.
    await until('the second to be told', async () => {
      return receiver.received.some(({ body }) => body.includes('"anybody?"')) || undefined;
    });
    await call('PUT', 'updateActiveHours', { from: 'always', to: 'always' });
    await write(CLEO, 'hello?');

    expect(await untilAnswered(CLEO, 1)).toEqual([NO_KEYWORD]);
  });

  it(
    'answers once what it had decided to when its runner was killed, and what came meanwhile',
    async () => {
      await write(DAN, 'the catalogue');
      await until('its file to be asked for', async () => files.paths.length === 1 || undefined);
      await killRunner();
      await write(EVE, 'price, when you are back');
      await instance.untilStatus('CONNECTED');

      expect(await untilAnswered(EVE, 1)).toEqual([PRICE]);
      await until('the file to be shown', async () => (await filesShownTo(DAN)) > 0 || undefined);
      expect(await filesShownTo(DAN)).toBe(1);
    },
    KILL_TIMEOUT_MS,
  );

  it(
    'leaves unanswered what came while nobody was there, when it is told so',
    async () => {
      await call('PUT', 'updateActions', { reply_unread_msgs: false });
      await killRunner();
      await write(EVE, 'price, while you are away');
      await instance.untilStatus('CONNECTED');
      await write(EVE, 'no keyword, now that you are back');

      expect(await untilAnswered(EVE, 2)).toEqual([PRICE, NO_KEYWORD]);
      for (const [phone, count] of [
        [ADA, 2],
        [DAN, 1],
        [EVE, 2],
      ] as const) {
        expect(await repliesTo(phone)).toHaveLength(count);
      }
      expect(await violations(tree.simulator)).toEqual(NO_VIOLATIONS);
    },
    KILL_TIMEOUT_MS,
  );
});

async function filesShownTo(phone: string): Promise<number> {
  const messages = await shownBy(tree.simulator, phone);
  return messages.filter(({ media }) => media !== undefined).length;
}

/** Whoever asks first waits for it until it is killed. */
function answerTheSecondTime(): RequestListener {
  let asked = 0;
  return (_request, response) => {
    asked += 1;
    if (asked === 1) return;
    response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.4');
  };
}
