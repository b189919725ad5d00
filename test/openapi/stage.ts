import { mediaKeys } from '#shared/contracts/media-keys.ts';
import type { Delivery } from '#shared/domain/delivery.ts';
import type { Message } from '#shared/domain/message.ts';
import { A_PICTURE } from '../../openapi/groups/messages/sample-files.ts';
import type { Placeholder } from '../../openapi/placeholders.ts';
import type { ApiUnderTest } from '../functions/api-under-test.ts';
import { postFile } from '../functions/attachments/attachment-calls.ts';
import {
  type Account,
  aLinkedInstance,
  anAccount,
  anApiKey,
  call,
  type OwnedInstance,
  PASSWORD,
} from '../functions/callers.ts';
import { aDelivery, recordEvent } from '../functions/webhooks/recorded.ts';

const CHAT = '15550000002';
const HOUR_MS = 3_600_000;

/**
 * What one example plays on: an account of its own with a linked instance, and whatever else its placeholders name.
 * Each is made when it is first asked for.
 */
export class Stage {
  readonly api: ApiUnderTest;
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(api: ApiUnderTest) {
    this.api = api;
  }

  async account(): Promise<Account> {
    return await this.#once('account', () => anAccount(this.api));
  }

  async instance(): Promise<OwnedInstance> {
    return await this.#once('instance', async () =>
      aLinkedInstance(this.api, await this.account()),
    );
  }

  /** What stands for the placeholder in this example. */
  async valueOf(name: Placeholder): Promise<string> {
    return await VALUES[name](this);
  }

  async key(): Promise<{ id: string; key: string }> {
    return await this.#once('key', async () => anApiKey(this.api, await this.account()));
  }

  /** A text that was accepted. */
  async message(): Promise<Message> {
    return await this.#once('message', async () => {
      const { query } = await this.instance();
      const json = { chatId: CHAT, message: 'hello' };
      const answer = await call(this.api, `POST /whatsapp/message${query}`, { json });
      const messageId = String(answer.headers['x-message-id']);
      const message = await this.api.deps.messages.get(messageId);
      if (!message) throw new Error(`The message was not accepted: ${answer.text}`);
      return message;
    });
  }

  /** A text that somebody has written to the instance. */
  async receivedId(): Promise<string> {
    return await this.#once('received', async () => {
      const waId = '3EB0C767D71C2A2F8A04D2';
      await this.api.deps.received.keep({
        instanceId: (await this.instance()).id,
        waId,
        chatId: `${CHAT}@c.us`,
        fromMe: false,
        remoteJid: `${CHAT}@s.whatsapp.net`,
        at: this.api.clock.now.toISOString(),
        wire: 'CgJoaQ==',
      });
      return waId;
    });
  }

  /** A file that somebody has sent to the instance. */
  async mediaId(): Promise<string> {
    return await this.#once('media', async () => {
      const id = 'b5bb9d8014a0f9b1d61e21e796d78dcc';
      const key = mediaKeys.inbound((await this.instance()).id, id);
      await this.api.deps.media.put(key, new TextEncoder().encode('a picture'));
      return id;
    });
  }

  async attachmentId(): Promise<string> {
    return await this.#once('attachment', async () => {
      const picture = Buffer.from(A_PICTURE.content, 'base64');
      const { fileName: name, contentType: type } = A_PICTURE;
      const answer = await postFile(this.api, await this.account(), picture, { name, type });
      return /"_id":"(\w+)"/.exec(answer.text)?.[1] ?? '';
    });
  }

  async contactId(): Promise<string> {
    return await this.#once('contact', async () => {
      const { headers } = await this.account();
      const json = { fullName: 'john doe', phoneNumber: CHAT };
      const answer = await call(this.api, 'POST /whatsapp/contacts', { headers, json });
      return /"_id":"(\w+)"/.exec(answer.text)?.[1] ?? '';
    });
  }

  /** A webhook beside that of `setWebhook`. */
  async webhookId(): Promise<string> {
    return await this.#once('webhook', async () => {
      const { query } = await this.instance();
      const json = { webhook_url: 'https://example.com/orders' };
      const answer = await call(this.api, `POST /whatsapp/webhooks${query}`, { json });
      return /"id":"(\w+)"/.exec(answer.text)?.[1] ?? '';
    });
  }

  /** A delivery to it that was given up. */
  async deliveryId(): Promise<string> {
    return await this.#once('delivery', async () => {
      const event = await recordEvent(this.api, await this.instance());
      const recent = [{ at: this.api.clock.now.toISOString(), ms: 3, statusCode: 500 }];
      const pending = aDelivery(event, { endpointId: await this.webhookId() });
      await this.api.deps.deliveries.add([pending]);
      const dead: Delivery = { ...pending, state: 'DEAD', attempts: 1, recent };
      await this.api.deps.deliveries.advance(pending, dead);
      return pending.deliveryId;
    });
  }

  /** A rule that answers `price`. */
  async keywordId(): Promise<string> {
    return await this.#once('keyword', async () => {
      const { query } = await this.instance();
      const json = { keyword: 'price', reply: { type: 'text', message: 'It is $5, [name].' } };
      const answer = await call(this.api, `POST /whatsapp/keywords${query}`, { json });
      return /"_id":"(\w+)"/.exec(answer.text)?.[1] ?? '';
    });
  }

  async #once<T>(what: string, make: () => Promise<T>): Promise<T> {
    const made = this.#made.get(what) ?? make();
    this.#made.set(what, made);
    // What was put in under this name is what its maker made.
    return (await made) as T;
  }
}

let strangers = 0;

const VALUES: Readonly<Record<Placeholder, (stage: Stage) => Promise<string>>> = {
  token: async (stage) => (await stage.key()).key,
  login_token: async (stage) => (await stage.account()).accessToken,
  refresh_token: async (stage) => (await stage.account()).refreshToken,
  email: async (stage) => (await stage.account()).email,
  new_email: async () => {
    strangers += 1;
    return `stranger-${strangers}@example.com`;
  },
  password: async () => PASSWORD,
  key_id: async (stage) => (await stage.key()).id,
  session_id: async (stage) => (await stage.instance()).credentials.session_id,
  access_token: async (stage) => (await stage.instance()).credentials.access_token,
  instance_id: async (stage) => (await stage.instance()).id,
  message_id: async (stage) => (await stage.message()).messageId,
  whatsapp_id: async (stage) => (await stage.message()).waId,
  send_at: async ({ api }) => new Date(api.clock.now.getTime() + HOUR_MS).toISOString(),
  received_id: async (stage) => await stage.receivedId(),
  media_id: async (stage) => await stage.mediaId(),
  attachment_id: async (stage) => await stage.attachmentId(),
  contact_id: async (stage) => await stage.contactId(),
  webhook_id: async (stage) => await stage.webhookId(),
  delivery_id: async (stage) => await stage.deliveryId(),
  keyword_id: async (stage) => await stage.keywordId(),
};
