import type { Placeholder } from '../../openapi/placeholders.ts';
import type { ApiUnderTest } from '../functions/api-under-test.ts';
import {
  type Account,
  aLinkedInstance,
  anAccount,
  anApiKey,
  call,
  type OwnedInstance,
  PASSWORD,
} from '../functions/callers.ts';

const CHAT = '15550000002';

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
  async message(): Promise<{ messageId: string; waId: string }> {
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

  async contactId(): Promise<string> {
    return await this.#once('contact', async () => {
      const { headers } = await this.account();
      const json = { fullName: 'john doe', phoneNumber: CHAT };
      const answer = await call(this.api, 'POST /whatsapp/contacts', { headers, json });
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
  contact_id: async (stage) => await stage.contactId(),
};
