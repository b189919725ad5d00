import * as z from 'zod';
import { type Recipient, toChatId } from '#shared/domain/recipient.ts';
import type { AuthState } from '../journal/auth-state.ts';

const CHATS = 'chats';
const DAY = { kind: 'new-chats', id: 'day' } as const;

const NewChats = z.object({ day: z.string(), count: z.int() });

/**
 * With whom an instance has a chat already, kept with its auth state: who is written to for the first time is asked for
 * first, and a young number may not have many of these in a day.
 */
export class ChatBook {
  readonly #state: AuthState;

  constructor(state: AuthState) {
    this.#state = state;
  }

  /** Whether there was never a message, in or out. */
  isNew(chat: Recipient): boolean {
    const id = toChatId(chat);
    return this.#state.get(CHATS, [id])[id] === undefined;
  }

  /** There is a message in the chat: it joins the next record. */
  remember(chat: Recipient, at: Date, by: 'us' | 'them'): void {
    if (!this.isNew(chat)) return;
    const isBegun = by === 'us' && chat.kind !== 'group';
    const begun = { day: dayOf(at), count: this.newChatsOn(at) + 1 };
    this.#state.stage({
      [CHATS]: { [toChatId(chat)]: at.toISOString() },
      ...(isBegun && { [DAY.kind]: { [DAY.id]: begun } }),
    });
  }

  /** How many chats with people we have begun on the (UTC) day. */
  newChatsOn(at: Date): number {
    const kept = NewChats.safeParse(this.#state.get(DAY.kind, [DAY.id])[DAY.id]).data;
    return kept?.day === dayOf(at) ? kept.count : 0;
  }
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 'YYYY-MM-DD'.length);
}
