import * as z from 'zod';
import type { ChatHistory } from '../bot/decision.ts';
import type { Item, Table, WriteOp } from '../storage/table.ts';
import { keys } from './keys.ts';

/** A chat that was silent for longer is a new one to the bot: no setting looks back further than a week. */
const KEPT_S = 8 * 24 * 3_600;

const Moment = z.iso.datetime().transform((text) => new Date(text));
const StoredHistory = z.object({
  defaultSentAt: Moment.optional(),
  repliesAt: z.array(Moment),
  pausedUntil: Moment.optional(),
});

type BotChat = { readonly instanceId: string; readonly chatId: string };

/** What the bots of instances did in each chat before. */
export class BotChatRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** `undefined` where the bot has done nothing for a week. */
  async get({ instanceId, chatId }: BotChat): Promise<ChatHistory | undefined> {
    const item = await this.#table.get(keys.botChat(instanceId, chatId));
    return item && StoredHistory.parse(item);
  }

  async keep(chat: BotChat, history: ChatHistory, at: Date): Promise<void> {
    await this.#table.write(this.keepOp(chat, history, at));
  }

  /** The same as an op, for the transaction that writes the reply. */
  keepOp({ instanceId, chatId }: BotChat, history: ChatHistory, at: Date): WriteOp {
    return { kind: 'put', item: { ...keys.botChat(instanceId, chatId), ...toItem(history, at) } };
  }
}

function toItem(
  { defaultSentAt, repliesAt, pausedUntil }: ChatHistory,
  at: Date,
): Omit<Item, 'pk' | 'sk'> {
  return {
    ...(defaultSentAt && { defaultSentAt: defaultSentAt.toISOString() }),
    repliesAt: repliesAt.map((each) => each.toISOString()),
    ...(pausedUntil && { pausedUntil: pausedUntil.toISOString() }),
    expiresAt: Math.ceil(at.getTime() / 1_000) + KEPT_S,
  };
}
