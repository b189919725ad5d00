import type { Message } from '#shared/domain/message.ts';
import type { ReceivedMessage } from '#shared/domain/received-message.ts';
import type { ApiUnderTest } from '../api-under-test.ts';
import { type Answer, call, formOf, type OwnedInstance } from '../callers.ts';

export const CHAT = '2348179803743';

type Headers = Readonly<Record<string, string>>;
/** Who sends. */
export type Sender = { readonly api: ApiUnderTest; readonly instance: OwnedInstance };

/** A call of `/whatsapp/message`, or with a `kind` of `/whatsapp/message/<kind>`. */
export async function send(
  { api, instance }: Sender,
  kind: string,
  json: object,
  headers: Headers = {},
): Promise<Answer> {
  return await call(api, `POST ${pathOf(kind)}${instance.query}`, { json, headers });
}

/** The same as a form with files. */
export async function sendForm(
  { api, instance }: Sender,
  kind: string,
  fields: Readonly<Record<string, string | File>>,
  headers: Headers = {},
): Promise<Answer> {
  const form = await formOf(fields);
  return await call(api, `POST ${pathOf(kind)}${instance.query}`, {
    ...form,
    headers: { ...headers, ...form.headers },
  });
}

function pathOf(kind: string): string {
  return `/whatsapp/message${kind && `/${kind}`}`;
}

export function messageId({ headers }: Answer): string {
  return String(headers['x-message-id']);
}

/** What waits in the instance's outbox, in order. */
export async function waiting({ api, instance }: Sender): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const entry of api.deps.outbox.all(instance.id)) {
    const message = await api.deps.messages.get(entry.messageId);
    if (message) messages.push(message);
  }
  return messages;
}

let received = 0;

/** A text that somebody has written to the instance. */
export async function aReceivedMessage(
  { api, instance }: Sender,
  fields: Partial<ReceivedMessage> = {},
): Promise<ReceivedMessage> {
  received += 1;
  const message = {
    instanceId: instance.id,
    waId: `3EB0C767D71C2A2F${String(received).padStart(4, '0')}`,
    chatId: `${CHAT}@c.us`,
    fromMe: false,
    remoteJid: `${CHAT}@s.whatsapp.net`,
    at: api.clock.now.toISOString(),
    wire: 'CgJoaQ==',
    ...fields,
  };
  await api.deps.received.keep(message);
  return message;
}
