import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { atMost } from '#runner/at-most.ts';
import type { ApiClient } from '../../infra/local/api-client.ts';
import { type AcceptedSend, nameOf, type ShownMessage } from './history.ts';
import type { Linked } from './link-instances.ts';

const CALLS_AT_ONCE = 8;
const LOOK_EVERY_MS = 500;
/** The most that a phone is asked for. */
const SHOWN_MAX = 10_000;
const PENDING: readonly (string | undefined)[] = [undefined, 'QUEUED', 'SENDING'];

const ShownState = z.object({ data: z.object({ state: z.string() }) });
const Shown = z.array(
  z.object({
    at: z.iso.datetime(),
    fromMe: z.boolean(),
    text: z.string().optional(),
    copies: z.number(),
  }),
);

type Ends = { readonly api: ApiClient; readonly simulator: ApiClient };

/** Asks the API for the state of each message until none waits any more, or the time is up; the states by id. */
export async function settleSends(
  sends: readonly AcceptedSend[],
  linked: readonly Linked[],
  { api, deadlineMs }: Pick<Ends, 'api'> & { deadlineMs: number },
): Promise<Map<string, string>> {
  const credentials = new Map(
    linked.flatMap((instance) =>
      instance.chats.map((chat) => [nameOf(chat), instance.credentials]),
    ),
  );
  const states = new Map<string, string>();
  const look = async ({ chat, messageId }: AcceptedSend) => {
    const query = new URLSearchParams(credentials.get(chat));
    const reply = await api.call('GET', `/whatsapp/message/${messageId}?${query}`);
    if (reply.status === 200) states.set(messageId, ShownState.parse(reply.body).data.state);
  };
  for (let waiting = sends; waiting.length > 0; ) {
    const limit = atMost(CALLS_AT_ONCE);
    // The gateway may just have been killed: the next look asks again.
    await Promise.all(waiting.map((send) => limit(() => look(send).catch(() => undefined))));
    waiting = waiting.filter(({ messageId }) => PENDING.includes(states.get(messageId)));
    if (performance.now() > deadlineMs) break;
    await sleep(LOOK_EVERY_MS);
  }
  return states;
}

/** Waits until it holds, or the time is up. */
export async function settleUntil(
  condition: () => boolean | Promise<boolean>,
  deadlineMs: number,
): Promise<void> {
  while (!(await condition()) && performance.now() < deadlineMs) await sleep(LOOK_EVERY_MS);
}

/** What all customers' phones show, chat by chat. */
export async function readShown(
  linked: readonly Linked[],
  { simulator }: Pick<Ends, 'simulator'>,
): Promise<ShownMessage[]> {
  const limit = atMost(CALLS_AT_ONCE);
  const chats = linked.flatMap((instance) => instance.chats);
  const shown = await Promise.all(
    chats.map((chat) =>
      limit(async () => {
        const query = new URLSearchParams({ chat: chat.business, limit: String(SHOWN_MAX) });
        const path = `/phones/${chat.customer}/messages?${query}`;
        const messages = Shown.parse((await simulator.call('GET', path)).body);
        return messages.flatMap(({ fromMe, text, at, copies }) =>
          fromMe || text === undefined
            ? []
            : { chat: nameOf(chat), text, atMs: Date.parse(at), copies },
        );
      }),
    ),
  );
  return shown.flat();
}
