import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { ApiClient, Reply } from '../../infra/local/api-client.ts';
import { type AcceptedSend, type Chat, nameOf, type WrittenMessage } from './history.ts';
import type { Linked } from './link-instances.ts';
import { paceLanes } from './pace-lanes.ts';
import { seededRandom } from './seeded-random.ts';

const SENDS_AT_ONCE_MAX = 64;
const WRITES_AT_ONCE_MAX = 16;
const RETRY_DELAY_MS = 250;

const Accepted = z.object({
  data: z.object({ message: z.object({ key: z.object({ id: z.string() }) }) }),
});

type Lane = { readonly chat: Chat; readonly credentials: Linked['credentials'] };

export type TrafficOptions = {
  readonly linked: readonly Linked[];
  readonly api: ApiClient;
  readonly simulator: ApiClient;
  readonly seed: number;
  readonly overMs: number;
};

/** Messages both ways in every chat, and what became of the calls. */
export class ChaosTraffic {
  readonly sends: AcceptedSend[] = [];
  readonly written: WrittenMessage[] = [];
  readonly refusals: string[] = [];
  /** Calls that were made again because there was no answer, or none that counts. */
  callsRepeated = 0;
  /** Calls whose answer nobody waited for when the time was up. */
  callsGivenUp = 0;
  readonly #options: TrafficOptions;
  readonly #lanes: readonly Lane[];

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#lanes = options.linked.flatMap(({ chats, credentials }) =>
      chats.map((chat) => ({ chat, credentials })),
    );
  }

  /** Resolves when all were sent and written; what the signal cuts off was not. */
  async run(count: { sends: number; inbound: number }, signal: AbortSignal): Promise<void> {
    const { seed, overMs } = this.#options;
    const pace = { lanes: this.#lanes, overMs };
    await Promise.all([
      paceLanes(
        { ...pace, count: count.sends, atOnceMax: SENDS_AT_ONCE_MAX, random: seededRandom(seed) },
        (lane, index) => this.#send(lane, { index, signal }),
        signal,
      ),
      paceLanes(
        {
          ...pace,
          count: count.inbound,
          atOnceMax: WRITES_AT_ONCE_MAX,
          random: seededRandom(seed + 1),
        },
        (lane, index) => this.#write(lane, index),
        signal,
      ),
    ]);
  }

  /** As a careful customer does: until there is an answer that counts, with the same Idempotency-Key. */
  async #send(lane: Lane, { index, signal }: { index: number; signal: AbortSignal }) {
    const { chat, credentials } = lane;
    const text = `out ${index}`;
    const body = { ...credentials, chatId: chat.customer, message: text };
    const headers = { 'idempotency-key': `chaos-${this.#options.seed}-${index}` };
    const calledAtMs = Date.now();
    while (!signal.aborted) {
      const reply = await this.#call(body, headers);
      if (reply !== undefined && reply.status < 300) {
        const messageId = Accepted.parse(reply.body).data.message.key.id;
        const acceptedAtMs = Date.now();
        this.sends.push({ chat: nameOf(chat), text, messageId, calledAtMs, acceptedAtMs });
        return;
      }
      if (reply !== undefined && reply.status < 500 && reply.status !== 429) {
        this.refusals.push(`${reply.status} for ${text}: ${JSON.stringify(reply.body)}`);
        return;
      }
      this.callsRepeated += 1;
      await sleep(RETRY_DELAY_MS);
    }
    this.callsGivenUp += 1;
  }

  /** `undefined` when there was no answer. */
  async #call(body: object, headers: Record<string, string>): Promise<Reply | undefined> {
    try {
      return await this.#options.api.call('POST', '/whatsapp/message', body, headers);
    } catch {
      return undefined;
    }
  }

  async #write({ chat }: Lane, index: number): Promise<void> {
    const { business, customer } = chat;
    const text = `in ${index}`;
    const writtenAtMs = Date.now();
    const path = `/phones/${customer}/messages`;
    const reply = await this.#options.simulator.call('POST', path, { to: business, text });
    if (reply.status !== 200) throw new Error(`The phone did not write: ${JSON.stringify(reply)}`);
    this.written.push({ chat: nameOf(chat), text, writtenAtMs });
  }
}
