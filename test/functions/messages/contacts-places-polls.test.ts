import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { aLinkedInstance, anAccount, faultPaths } from '../callers.ts';
import { aReceivedMessage, CHAT, type Sender, send, waiting } from './message-calls.ts';

const CARD = {
  fullName: 'john doe',
  displayName: 'johndoe',
  organization: 'Men In Black',
  phoneNumber: '+91 99999-99999',
};
const POLL = { chatId: CHAT, name: 'Lunch?', options: ['Rice', 'Beans'] };

let api: ApiUnderTest;
let sender: Sender;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  sender = { api, instance: await aLinkedInstance(api, await anAccount(api)) };
});

describe('POST /whatsapp/message/contact', () => {
  it('sends a card that phones read', async () => {
    const answer = await send(sender, 'contact', { chatId: CHAT, vcard: CARD });

    expect([answer.status, answer.text]).toEqual([204, '']);
    const content = (await waiting(sender))[0]?.content;
    expect(content).toMatchObject({ kind: 'contact', displayName: 'johndoe' });
    const vcard = content?.kind === 'contact' ? content.vcard : '';
    expect(vcard.split('\n')).toEqual(
      expect.arrayContaining(['BEGIN:VCARD', 'FN:john doe', 'END:VCARD']),
    );
    expect(vcard).toContain('waid=919999999999');
    expect(vcard).not.toContain('\r');
  });

  it.each([
    ['vcard', undefined],
    ['vcard.fullName', { ...CARD, fullName: '' }],
    ['vcard.phoneNumber', { ...CARD, phoneNumber: '12' }],
  ])('names %s when it is wrong', async (path, vcard) => {
    const answer = await send(sender, 'contact', { chatId: CHAT, vcard });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
    expect(await waiting(sender)).toEqual([]);
  });
});

describe('POST /whatsapp/message/location', () => {
  it("takes degrees as numbers and, as the customer's page writes them, as texts", async () => {
    const location = { name: 'locationName', lat: '6.556452', lng: 3.2774487, address: 'A street' };
    const answer = await send(sender, 'location', { chatId: CHAT, location });

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      data: {
        message: {
          locationMessage: {
            degreesLatitude: 6.556452,
            degreesLongitude: 3.2774487,
            name: 'locationName',
            address: 'A street',
          },
        },
      },
    });
  });

  it.each([
    ['location.lat', { lat: 90.1, lng: 0 }],
    ['location.lat', { lat: 'north', lng: 0 }],
    ['location.lng', { lat: 0, lng: -180.1 }],
    ['location.lng', { lat: 0 }],
  ])('names %s of %j', async (path, location) => {
    const answer = await send(sender, 'location', { chatId: CHAT, location });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
  });
});

describe('POST /whatsapp/message/poll', () => {
  it('asks, with a secret of its own for the votes', async () => {
    const answers = [await send(sender, 'poll', POLL), await send(sender, 'poll', POLL)];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const contents = (await waiting(sender)).map(({ content }) => content);
    expect(contents[0]).toMatchObject({ kind: 'poll', name: 'Lunch?', selectable: 1 });
    const secrets = contents.map((content) => (content.kind === 'poll' ? content.secret : ''));
    expect(secrets.map((secret) => Buffer.from(secret, 'base64').length)).toEqual([32, 32]);
    expect(secrets[0]).not.toBe(secrets[1]);
  });

  it.each([
    ['name', { name: '' }],
    ['options', { options: ['Rice'] }],
    ['options', { options: ['Rice', 'Rice'] }],
    ['options', { options: Array.from({ length: 13 }, (_, n) => `${n}`) }],
    ['options.1', { options: ['Rice', ''] }],
    ['selectableCount', { selectableCount: 3 }],
    ['selectableCount', { selectableCount: -1 }],
  ])('names %s of %j', async (path, fields) => {
    const answer = await send(sender, 'poll', { ...POLL, ...fields });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
    expect(await waiting(sender)).toEqual([]);
  });
});

it.each<[string, object]>([
  ['', { message: 'x' }],
  ['', { location: { lat: 1, lng: 2 } }],
  ['location', { location: { lat: 1, lng: 2 } }],
  ['contact', { vcard: CARD }],
  ['poll', POLL],
])('%s answers another message, and names people once', async (kind, fields) => {
  const { waId, chatId } = await aReceivedMessage(sender);
  const mentions = [CHAT, 2348179803743, '10150000000@lid'];
  await send(sender, kind, { chatId: CHAT, ...fields, quotedMessageId: waId, mentions });

  expect((await waiting(sender))[0]?.content).toMatchObject({
    quoted: { waId, chatId, fromMe: false },
    mentions: [`${CHAT}@c.us`, '10150000000@lid'],
  });
});

it('answers another message once, by the first of its parts', async () => {
  const { waId } = await aReceivedMessage(sender);
  const parts = { message: 'x', location: { lat: 1, lng: 2 }, quotedMessageId: waId };
  await send(sender, '', { chatId: CHAT, ...parts });

  const contents = (await waiting(sender)).map(({ content }) => content);
  expect(contents.map(({ kind }) => kind)).toEqual(['text', 'location']);
  expect(contents.map((content) => 'quoted' in content)).toEqual([true, false]);
});
