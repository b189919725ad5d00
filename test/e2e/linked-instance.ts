import type { ApiClient, Reply } from '../../infra/local/api-client.ts';
import { until } from '../../infra/local/until.ts';

export type Credentials = { readonly session_id: string; readonly access_token: string };

export type PhoneMessage = {
  readonly id: string;
  readonly text?: string;
  readonly fromMe: boolean;
  readonly copies: number;
  /** When it arrived. */
  readonly at: string;
  readonly type: string;
  readonly caption?: string;
  readonly quotedText?: string;
  readonly media?: {
    readonly mimetype: string;
    readonly size: number;
    readonly sha256: string;
    readonly fileName?: string;
  };
  readonly contact?: { readonly displayName: string; readonly vcard: string };
  readonly location?: { readonly latitude: number; readonly longitude: number };
};

// biome-ignore lint/suspicious/noExplicitAny: the answers are looked into by tests, and a wrong shape fails them.
type Json = any;

type Ends = {
  phone: string;
  others: string[];
  webhookUrl?: string;
  /** Whether it answers by itself what people write; it does not when nothing is said. */
  hasBot?: boolean;
};
type Made = { readonly id: string; readonly credentials: Credentials };

/** What `GET /whatsapp/message/{id}` says. */
type ShownMessage = {
  readonly state: string;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly rendered_as: string | null;
  readonly valid_until: string;
};

/** A system that runs: its API as the demo account calls it, and its simulated WhatsApp. */
export type RunningSystem = { api(): Promise<ApiClient>; readonly simulator: ApiClient };

/** An instance that a simulated phone has linked, and what a test does with it. */
export class LinkedInstance {
  readonly credentials: Credentials;
  /** What other calls name it by in their paths. */
  readonly id: string;
  readonly #tree: RunningSystem;
  readonly #phone: string;

  private constructor(tree: RunningSystem, made: Made, phone: string) {
    this.#tree = tree;
    this.credentials = made.credentials;
    this.id = made.id;
    this.#phone = phone;
  }

  /** `phone` is the business's number; those in `others` are made as well. */
  static async make(tree: RunningSystem, ends: Ends): Promise<LinkedInstance> {
    const instance = await LinkedInstance.start(tree, ends);
    await instance.scan();
    return instance;
  }

  /** One that was started, and that nobody has linked yet. */
  static async start(
    tree: RunningSystem,
    { phone, others, webhookUrl, hasBot = false }: Ends,
  ): Promise<LinkedInstance> {
    const api = await tree.api();
    const created: Json = (await api.call('POST', '/whatsapp/createNewWhatsapp', {})).body;
    const credentials = {
      session_id: created.data.session_id,
      access_token: created.data.settings.access_token,
    };
    await api.call('PUT', '/whatsapp/updateActions', { ...credentials, reply_msgs: hasBot });
    const config = webhookUrl === undefined ? {} : { setWebhook: true, webhookUrl };
    await api.call('POST', '/whatsapp/init', { ...credentials, config });
    for (const number of [phone, ...others]) {
      await tree.simulator.call('POST', '/phones', { number, autoRead: true });
    }
    return new LinkedInstance(tree, { id: created.data._id, credentials }, phone);
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

  /** Sends a text, with whatever else the call is to say; answers the message's id. Throws when it was not accepted. */
  async send(chatId: string, message: string, more: object = {}): Promise<string> {
    const reply = await this.post('', { chatId, message, ...more });
    return (reply.body as Json).data.message.key.id;
  }

  /** Sends by the call of this kind, and answers the message's id. Throws when it was not accepted. */
  async sendAs(kind: string, fields: object): Promise<string> {
    const api = await this.#tree.api();
    const headers = { prefer: 'return=representation, wait=0' };
    const body = { ...this.credentials, ...fields };
    const reply = await api.call('POST', `/whatsapp/message/${kind}`, body, headers);
    if (reply.status !== 200) throw new Error(`Not accepted: ${JSON.stringify(reply)}`);
    return (reply.body as Json).data.key.id;
  }

  /** Calls `POST /whatsapp/message…`. Throws when it was refused. */
  async post(path: string, fields: object = {}): Promise<Reply> {
    const api = await this.#tree.api();
    const body = { ...this.credentials, ...fields };
    const reply = await api.call('POST', `/whatsapp/message${path}`, body);
    if (reply.status >= 300) throw new Error(`Not accepted: ${JSON.stringify(reply)}`);
    return reply;
  }

  async message(id: string): Promise<ShownMessage> {
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

/** The file of a message, as the phone fetched, checked and decrypted it. */
export async function fileShownBy(
  simulator: ApiClient,
  number: string,
  id: string,
): Promise<Buffer> {
  const response = await fetch(`${simulator.url}/phones/${number}/messages/${id}/media`);
  if (response.status !== 200) throw new Error(`The phone has no file: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** What no correct client ever does, counted by the simulator. */
export async function violations(simulator: ApiClient): Promise<unknown> {
  return ((await simulator.call('GET', '/stats')).body as Json).violations;
}

export const NO_VIOLATIONS = { ratchetReused: 0, evictedFrames: 0, duplicateIds: 0 };
