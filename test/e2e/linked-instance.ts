import type { ApiClient } from '../../infra/local/api-client.ts';
import { until } from '../../infra/local/until.ts';
export type Credentials = { readonly session_id: string; readonly access_token: string };

export type PhoneMessage = {
  readonly id: string;
  readonly text?: string;
  readonly fromMe: boolean;
  readonly copies: number;
};

// biome-ignore lint/suspicious/noExplicitAny: the answers are looked into by tests, and a wrong shape fails them.
type Json = any;

/** A system that runs: its API as the demo account calls it, and its simulated WhatsApp. */
export type RunningSystem = { api(): Promise<ApiClient>; readonly simulator: ApiClient };

/** An instance that a simulated phone has linked, and what a test does with it. */
export class LinkedInstance {
  readonly credentials: Credentials;
  readonly #tree: RunningSystem;
  readonly #phone: string;

  private constructor(tree: RunningSystem, credentials: Credentials, phone: string) {
    this.#tree = tree;
    this.credentials = credentials;
    this.#phone = phone;
  }

  /** `phone` is the business's number; those in `others` are made as well. */
  static async make(
    tree: RunningSystem,
    { phone, others, webhookUrl }: { phone: string; others: string[]; webhookUrl?: string },
  ): Promise<LinkedInstance> {
    const api = await tree.api();
    const created: Json = (await api.call('POST', '/whatsapp/createNewWhatsapp', {})).body;
    const credentials = {
      session_id: created.data.session_id,
      access_token: created.data.settings.access_token,
    };
    const config = webhookUrl === undefined ? {} : { setWebhook: true, webhookUrl };
    await api.call('POST', '/whatsapp/init', { ...credentials, config });
    for (const number of [phone, ...others]) {
      await tree.simulator.call('POST', '/phones', { number, autoRead: true });
    }
    const instance = new LinkedInstance(tree, credentials, phone);
    await instance.scan();
    return instance;
  }

  async scan(): Promise<void> {
    const query = new URLSearchParams({ ...this.credentials, format: 'json' });
    const qr = await until('a code', async () => {
      const { body }: { body: Json } = await (await this.#tree.api()).call(
        'GET',
        `/whatsapp/scan?${query}`,
      );
      return body?.data.qr as string | undefined;
    });
    await this.#tree.simulator.call('POST', `/phones/${this.#phone}/link`, { qr });
    await this.untilStatus('CONNECTED');
  }

  async status(): Promise<string> {
    const { body }: { body: Json } = await (await this.#tree.api()).call('GET', '/whatsapp');
    return body.data.find((item: Json) => item.session_id === this.credentials.session_id).settings
      .status;
  }

  async untilStatus(status: string): Promise<void> {
    await until(`the status to be ${status}`, async () => {
      const now = await this.status().catch(() => undefined);
      return now === status || undefined;
    });
  }

  /** Answers the message's id, or throws when it was not accepted. */
  async send(chatId: string, message: string): Promise<string> {
    const body = { ...this.credentials, chatId, message };
    const reply = await (await this.#tree.api()).call('POST', '/whatsapp/message', body);
    if (reply.status !== 200) throw new Error(`Not accepted: ${JSON.stringify(reply)}`);
    return (reply.body as Json).data.message.key.id;
  }

  async message(id: string): Promise<{ state: string; error: { code: string } | null }> {
    const query = new URLSearchParams({ ...this.credentials });
    const reply = await (await this.#tree.api()).call('GET', `/whatsapp/message/${id}?${query}`);
    return (reply.body as Json).data;
  }

  async untilState(id: string, ...states: string[]): Promise<void> {
    await until(`the message to be ${states}`, async () => {
      return states.includes((await this.message(id)).state) || undefined;
    });
  }
}

/** What a simulated phone shows, in its order. */
export async function shownBy(
  simulator: ApiClient,
  number: string,
  limit?: number,
): Promise<PhoneMessage[]> {
  const query = limit === undefined ? '' : `?limit=${limit}`;
  return (await simulator.call('GET', `/phones/${number}/messages${query}`)).body as PhoneMessage[];
}

/** What no correct client ever does, counted by the simulator. */
export async function violations(simulator: ApiClient): Promise<unknown> {
  return ((await simulator.call('GET', '/stats')).body as Json).violations;
}

export const NO_VIOLATIONS = { ratchetReused: 0, evictedFrames: 0, duplicateIds: 0 };
