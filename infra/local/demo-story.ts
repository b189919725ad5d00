import * as z from 'zod';
import { ApiClient, type Reply } from './api-client.ts';
import { chooseFromList } from './demo-list.ts';
import { sendPicture } from './demo-picture.ts';
import { until } from './until.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';

export type DemoOptions = {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly receiver: WebhookReceiver;
  /** Called after each step that was seen to be done. */
  readonly tell: (step: string) => void;
};

const Registered = z.object({ data: z.object({ access_token: z.string() }) });
const Created = z.object({
  data: z.object({
    session_id: z.string(),
    settings: z.object({ access_token: z.string() }),
  }),
});
const Scannable = z.object({ data: z.object({ qr: z.string() }) });
const Shown = z.object({
  data: z.object({
    instance_data: z.object({
      phone_connected: z.boolean(),
      user: z.object({ id: z.string().optional() }),
    }),
  }),
});
const Webhook = z.object({ data: z.object({ secret: z.string() }) });
const Sent = z.object({
  data: z.object({ message: z.object({ key: z.object({ id: z.string() }) }) }),
});
const State = z.object({ data: z.object({ state: z.string() }) });
const PhoneMessages = z.array(z.object({ id: z.string(), text: z.string().optional() }));

type Story = DemoOptions & {
  readonly api: ApiClient;
  readonly simulator: ApiClient;
};
type Credentials = { readonly session_id: string; readonly access_token: string };

/** The main job, once: a number is linked, sends, is read, is answered, and a signed webhook tells of it. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const visitor = new ApiClient(options.url);
  const simulator = new ApiClient(options.simulatorUrl);
  const email = 'owner@example.com';
  const registered = await visitor.call('POST', '/auth/register', {
    email,
    password: 'a demo password',
  });
  const { access_token } = parse(Registered, registered).data;
  options.tell('registered an account');
  const api = new ApiClient(options.url, access_token);
  const story: Story = { ...options, api, simulator };
  const credentials = await createInstance(story);
  await link(story, credentials);
  await sendAndBeRead(story, credentials);
  await beAnswered(story, credentials);
  const scene = { ...story, credentials, business: BUSINESS, customer: CUSTOMER };
  await sendPicture(scene);
  await chooseFromList(scene);
}

async function createInstance({ api, receiver, tell }: Story): Promise<Credentials> {
  const created = parse(Created, await api.call('POST', '/whatsapp/createNewWhatsapp', {})).data;
  const credentials = {
    session_id: created.session_id,
    access_token: created.settings.access_token,
  };
  tell('created an instance');
  const config = { multiDevice: true, setWebhook: true, webhookUrl: receiver.url };
  await expectOk(api.call('POST', '/whatsapp/init', { ...credentials, config }));
  tell(`initialised it, with its webhook at ${receiver.url}`);
  return credentials;
}

async function link({ api, simulator, tell }: Story, credentials: Credentials): Promise<void> {
  const query = new URLSearchParams({ ...credentials });
  for (const [number, name] of [
    [BUSINESS, 'The business'],
    [CUSTOMER, 'A customer'],
  ]) {
    await simulator.call('POST', '/phones', { number, name, autoRead: true });
  }
  const { qr } = await until('a code to scan', async () => {
    const reply = await api.call('GET', `/whatsapp/scan?${query}&format=json`);
    return Scannable.safeParse(reply.body).data?.data;
  });
  tell('got a QR code');
  await expectOk(simulator.call('POST', `/phones/${BUSINESS}/link`, { qr }));
  tell('the phone scanned it and linked the device');
  const user = await until('the instance to be connected', async () => {
    const { data } = parse(Shown, await api.call('GET', `/whatsapp/instance?${query}`));
    return data.instance_data.phone_connected ? data.instance_data.user : undefined;
  });
  tell(`the instance is CONNECTED as ${user.id}`);
}

async function sendAndBeRead(
  { api, simulator, tell }: Story,
  credentials: Credentials,
): Promise<void> {
  const text = 'Hello from the bot';
  const reply = await api.call('POST', '/whatsapp/message', {
    ...credentials,
    chatId: CUSTOMER,
    message: text,
  });
  const { id } = parse(Sent, reply).data.message.key;
  tell('sent a text');
  await until('the phone to have it', async () => {
    const { body } = await simulator.call('GET', `/phones/${CUSTOMER}/messages`);
    return PhoneMessages.parse(body).find((message) => message.id === id && message.text === text);
  });
  tell('the phone has it, decrypted');
  await until('the message to be READ', async () => {
    const path = `/whatsapp/message/${id}?${new URLSearchParams({ ...credentials })}`;
    return parse(State, await api.call('GET', path)).data.state === 'READ' || undefined;
  });
  tell('the receipts came back: the message is READ');
}

async function beAnswered(
  { api, simulator, receiver, tell }: Story,
  credentials: Credentials,
): Promise<void> {
  const query = new URLSearchParams({ ...credentials });
  const { secret } = parse(Webhook, await api.call('GET', `/whatsapp/webhook?${query}`)).data;
  const text = 'Hello from the phone';
  await simulator.call('POST', `/phones/${CUSTOMER}/messages`, { to: BUSINESS, text });
  tell('the phone answered');
  const webhook = await until('the webhook', async () =>
    receiver.received.find(({ body }) => body.includes('"onMessage"') && body.includes(text)),
  );
  tell('the webhook arrived');
  receiver.verify(webhook, secret);
  tell('its Standard Webhooks signature verifies');
}

async function expectOk(call: Promise<Reply>): Promise<void> {
  const reply = await call;
  if (reply.status >= 300) throw new Error(`An unexpected answer: ${describe(reply)}`);
}

function parse<T>(schema: z.ZodType<T>, reply: Reply): T {
  const parsed = schema.safeParse(reply.body);
  if (!parsed.success) throw new Error(`An unexpected answer: ${describe(reply)}`);
  return parsed.data;
}

function describe({ status, body }: Reply): string {
  return `${status} ${JSON.stringify(body)}`;
}
