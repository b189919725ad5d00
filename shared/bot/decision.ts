import type { BotReply } from './keyword-rule.ts';

/** What the bot must know of a message to decide whether it answers. */
export type BotMessage = {
  /** The text, or the caption of media. */
  readonly text: string;
  /** Where it was written. The bot answers in chats with one person and in groups alone. */
  readonly chat: 'private' | 'group' | 'status' | 'broadcast' | 'channel';
  /** The account wrote it itself, by the API or on its phone. */
  readonly fromMe: boolean;
  /** It was sent while the session was not connected. */
  readonly backlog: boolean;
  /** A reaction, a vote, a change or the like is nothing that one answers. */
  readonly isAnswerable: boolean;
};

/** What the bot did in a chat before. */
export type ChatHistory = {
  /** When the default message was sent last. */
  readonly defaultSentAt?: Date | undefined;
  /** When the bot answered, the last times, oldest first. */
  readonly repliesAt: readonly Date[];
  /** Two machines seemed to talk to each other: the bot says nothing until then. */
  readonly pausedUntil?: Date | undefined;
};

/** Why the bot says nothing. */
export type SilenceReason =
  | 'own_message'
  | 'not_a_chat'
  | 'nothing_to_answer'
  | 'replies_off'
  | 'group_replies_off'
  | 'unread_replies_off'
  | 'inactive_day'
  | 'inactive_hour'
  | 'loop_suspected'
  | 'no_keyword'
  | 'default_sent_recently';

export type ReplyDecision =
  | {
      readonly kind: 'reply';
      readonly reply: BotReply;
      /** The rule that matched, and the keyword of it; the default message when there is none. */
      readonly rule?: { readonly keywordId: string; readonly keyword: string };
    }
  | {
      readonly kind: 'silent';
      readonly reason: SilenceReason;
      /** From now on the bot is to be silent in this chat, until then. */
      readonly pauseUntil?: Date;
    };
