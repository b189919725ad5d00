import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#functions/routes.ts';
import type { Contact } from '#shared/domain/contact.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { anAttachment, type View } from '../attachments/attachment-calls.ts';
import {
  type Account,
  aLinkedInstance,
  anAccount,
  anApiKey,
  bearer,
  call,
  type OwnedInstance,
  recordOf,
} from '../callers.ts';
import { aDelivery, recordEvent } from '../webhooks/recorded.ts';

/** Account-wide operations work for the caller's own account; that they show nothing of another is checked too. */
const ACCOUNT_WIDE = [
  'createInstance',
  'listInstances',
  'createKey',
  'listKeys',
  'createContact',
  'listContacts',
  'createAttachment',
  'listAttachments',
];

const BODIES: Readonly<Record<string, object>> = {
  createAttachment: { fileName: 'a.txt', mimetype: 'text/plain', size: 1 },
  createContact: { fullName: 'A stranger', phoneNumber: '2348179803743' },
  createKey: { name: 'a key' },
  createKeyword: { keyword: 'x', reply: { type: 'text', message: 'from a stranger' } },
  replaceKeyword: { keyword: 'x', reply: { type: 'text', message: 'from a stranger' } },
  // Of a private chat the reasons would say so, which is a secret word here.
  previewReply: { message: 'hello', chat: 'group' },
  replaceContact: { fullName: 'A stranger', phoneNumber: '2348179803743' },
  pairPhone: { phone: '2348179803743' },
  sendMessage: { chatId: '2348179803743', message: 'from a stranger' },
  sendLocation: { chatId: '2348179803743', location: { lat: 1, lng: 2 } },
  sendPoll: { chatId: '2348179803743', name: 'from a stranger', options: ['a', 'b'] },
  sendReaction: { emoji: '👍' },
  editMessage: { message: 'from a stranger' },
  forwardMessage: { chatId: '2348179803743' },
  showPresence: { chatId: '2348179803743', presence: 'composing' },
  sendText: { to: '2348179803743', message: 'from a stranger' },
  updateGeneral: { bot_name: "A stranger's" },
  updateActions: { reply_msgs: false },
  updateActiveDays: { monday: false },
  updatePace: { burst: 2 },
  updateActiveHours: { from: '1:00', to: '2:00' },
  setWebhook: { webhook_url: 'https://stranger.example.com/hook', events: 'all' },
  createEndpoint: { url: 'https://stranger.example.com/hook' },
  changeEndpoint: { url: 'https://stranger.example.com/hook' },
  replayEvents: { since: 0 },
};

const OF_A_WEBHOOK = [
  'showEndpoint',
  'changeEndpoint',
  'deleteEndpoint',
  'rotateSecret',
  'testEndpoint',
  'replayEvents',
  'redriveDeliveries',
];

let api: ApiUnderTest;
let stranger: Account;
let strangersKey: string;
let strangersInstance: OwnedInstance;
let victim: Account;
let instance: OwnedInstance;
let ids: Readonly<Record<string, string>>;
let secrets: readonly string[];
let contact: Contact;
let keywordId: string;
let attachment: View;
let before: Instance | undefined;

beforeAll(async () => {
  api = await startApi();
  stranger = await anAccount(api);
  strangersKey = (await anApiKey(api, stranger)).key;
  strangersInstance = await aLinkedInstance(api, stranger);
  victim = await anAccount(api);
  instance = await aLinkedInstance(api, victim);
  const { id: keyId, key } = await anApiKey(api, victim);
  const sent = await call(api, 'POST /whatsapp/message', {
    json: { ...instance.credentials, chatId: '2349011668758', message: 'for nobody else' },
  });
  contact = await createContactOf(victim);
  attachment = await anAttachment(api, victim, 'bytes for nobody else');
  const webhook = await call(api, 'PUT /whatsapp/setWebhook', {
    headers: { prefer: 'return=representation' },
    json: { ...instance.credentials, webhook_url: 'https://victim.example.com/hook' },
  });
  expect(webhook.status).toBe(200);
  const event = await recordEvent(api, instance, { data: { body: 'for nobody else' } });
  const delivery = aDelivery(event, { endpointId: 'main', state: 'DEAD' });
  await api.deps.deliveries.add([delivery]);
  const rule = await call(api, 'POST /whatsapp/keywords', {
    json: {
      ...instance.credentials,
      keyword: 'victims-keyword',
      reply: { type: 'text', message: 'for nobody else' },
    },
  });
  keywordId = /"_id":"(\w+)"/.exec(rule.text)?.[1] ?? '';
  const messageId = String(sent.headers['x-message-id']);
  const { contactId } = contact;
  await api.deps.media.put(
    `inbound/${instance.id}/file`,
    new TextEncoder().encode('for nobody else'),
  );
  await api.deps.lids.keep(instance.id, { lid: '10150000000', phone: '447700900123' });
  ids = {
    deleteKey: keyId,
    showMessage: messageId,
    cancelMessage: messageId,
    retryMessage: messageId,
    showMedia: 'file',
    showLid: '10150000000',
    checkNumber: '2348179803743',
    showContact: contactId,
    replaceContact: contactId,
    deleteContact: contactId,
    showKeyword: keywordId,
    replaceKeyword: keywordId,
    deleteKeyword: keywordId,
    showAttachment: attachment._id,
    deleteAttachment: attachment._id,
    showDelivery: delivery.deliveryId,
    replayDelivery: delivery.deliveryId,
    ...Object.fromEntries(OF_A_WEBHOOK.map((operation) => [operation, 'main'])),
  };
  const { session_id, access_token } = instance.credentials;
  secrets = [
    instance.id,
    session_id,
    access_token,
    keyId,
    key,
    contactId,
    attachment._id,
    keywordId,
    'victims-keyword',
    '447700900123',
    'victim.example',
    'whsec_',
    'for nobody else',
  ];
  before = await recordOf(api, instance);
});
afterAll(async () => {
  await api.close();
});

async function createContactOf({ accountId, headers }: Account): Promise<Contact> {
  const json = { fullName: 'A private friend', phoneNumber: '919999999999' };
  await call(api, 'POST /whatsapp/contacts', { headers, json });
  const [created] = (await api.deps.contacts.list(accountId, { limit: 1 })).contacts;
  if (!created) throw new Error('The contact was not created.');
  return created;
}

type Caller = { headers: Record<string, string>; credentials: object };

const callers: Readonly<Record<string, () => Caller>> = {
  'a Bearer token of another account': () => ({
    headers: { ...stranger.headers },
    credentials: { session_id: instance.credentials.session_id },
  }),
  'an API key of another account': () => ({
    headers: { ...bearer(strangersKey) },
    credentials: { session_id: instance.credentials.session_id },
  }),
  "another instance's token": () => ({
    headers: {},
    credentials: {
      session_id: instance.credentials.session_id,
      access_token: strangersInstance.credentials.access_token,
    },
  }),
  "another instance's credentials": () => ({
    headers: {},
    credentials: { ...strangersInstance.credentials },
  }),
  'no credentials but the session id': () => ({
    headers: {},
    credentials: { session_id: instance.credentials.session_id },
  }),
  nothing: () => ({ headers: {}, credentials: {} }),
};

/** API keys are told that they cannot manage keys, and accounts that they are no operator, before anything is looked up. */
function refusals(operation: string, caller: string): number[] {
  if (operation === 'showRunners') return [401, 403];
  const isKeyOnKeys = operation === 'deleteKey' && caller.startsWith('an API key');
  return isKeyOnKeys ? [403] : [401, 404];
}

const closed = routes.filter(({ auth }) => auth !== 'none');

describe.each(closed)('$method $path', ({ method, path, group, operation, auth }) => {
  it.each(Object.entries(callers))(
    'shows nothing and does nothing for %s',
    async (name, caller) => {
      const ownsWhatItNames = name === "another instance's credentials" && !path.includes('{id}');
      const isForSelf = ACCOUNT_WIDE.includes(operation) || ownsWhatItNames;
      const target = path.replace(/\{\w+\}/, ids[operation] ?? instance.id);
      const { headers, credentials } = caller();
      const ofVictim = { messageId: ids['showMessage'], attachmentId: attachment._id };
      const named = group === 'messages' ? ofVictim : {};
      const json = { ...named, ...BODIES[operation], ...credentials };
      const answer = await call(api, `${method} ${target}`, { headers, json });

      if (!isForSelf || (auth === 'account' && headers['authorization'] === undefined)) {
        expect(refusals(operation, name)).toContain(answer.status);
      }
      for (const secret of secrets) expect(answer.text).not.toContain(secret);
      expect(await recordOf(api, instance)).toEqual(before);
    },
  );
});

it('has looked at every route that needs credentials', () => {
  expect(closed.length).toBeGreaterThan(15);
});

it('left the victim its webhook and its one message', async () => {
  const endpoint = await api.deps.endpoints.get({ instanceId: instance.id }, 'main');
  expect(endpoint?.url).toBe('https://victim.example.com/hook');
  expect(await api.deps.endpoints.list({ instanceId: instance.id })).toEqual([endpoint]);
  const deliveries = await Array.fromAsync(api.deps.deliveries.newest(instance.id));
  expect(deliveries.map(({ deliveryId }) => deliveryId)).toEqual([ids['showDelivery']]);
  const waiting: string[] = [];
  for await (const { messageId } of api.deps.outbox.all(instance.id)) waiting.push(messageId);
  expect(waiting).toEqual([ids['showMessage']]);
});

it('left the victim its one contact as it was', async () => {
  const { contacts } = await api.deps.contacts.list(victim.accountId, { limit: 10 });
  expect(contacts).toEqual([contact]);
});

it('left the victim its one keyword as it was', async () => {
  const [rule, ...others] = await api.deps.keywords.all(instance.id);
  expect(others).toEqual([]);
  expect(rule).toMatchObject({ keywordId, keywords: ['victims-keyword'] });
});

it('left the victim its one attachment, with its bytes', async () => {
  const { attachments } = await api.deps.attachments.list(victim.accountId, { limit: 10 });
  expect(attachments.map(({ attachmentId }) => attachmentId)).toEqual([attachment._id]);
  const bytes = await api.deps.media.get(`attachments/${victim.accountId}/${attachment._id}`);
  expect(Buffer.from(bytes ?? []).toString()).toBe('bytes for nobody else');
});

it('gives the owner what strangers are refused', async () => {
  const { headers } = victim;
  const { session_id } = instance.credentials;
  const answers = [
    await call(api, `GET /whatsapp/message/${ids['showMessage']}`, { headers }),
    await call(api, `GET /whatsapp/webhook?session_id=${session_id}`, { headers }),
    await call(api, `GET /whatsapp/contacts/${contact.contactId}`, { headers }),
    await call(api, `GET /whatsapp/attachments/${attachment._id}`, { headers }),
    await call(api, `GET /whatsapp/instance${instance.query}`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
});
