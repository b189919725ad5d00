import * as z from 'zod';
import { ContactCard } from '../domain/contact.ts';
import { ObjectId } from '../domain/identifier.ts';
import { MediaKind, MediaSource } from '../domain/message-content.ts';

/**
 * How a keyword is looked for in a message: it is the whole of it, a word of it, its beginning, somewhere in it, or a
 * regular expression (RE2's syntax, which runs in linear time) that finds something in it.
 */
export const KeywordMatch = z.enum(['exact', 'word', 'prefix', 'contains', 'regex']);
export type KeywordMatch = z.infer<typeof KeywordMatch>;

/** In which chats a rule holds. */
export const RuleChats = z.enum(['all', 'private', 'group']);
export type RuleChats = z.infer<typeof RuleChats>;

const MenuRow = z.strictObject({
  id: z.string(),
  title: z.string(),
  description: z.string().optional(),
});

/** What a rule answers. Texts, captions and menus may hold spintax and tokens. */
export const BotReply = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({
    type: z.literal('media'),
    kind: MediaKind,
    source: MediaSource,
    /** Of a file that was uploaded before: what the customer calls it. */
    attachmentId: z.string().optional(),
    mimetype: z.string().optional(),
    caption: z.string().optional(),
    fileName: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('list'),
    menu: z.strictObject({
      title: z.string().optional(),
      text: z.string(),
      footer: z.string().optional(),
      buttonText: z.string().optional(),
      sections: z.array(
        z.strictObject({ title: z.string().optional(), rows: z.array(MenuRow).readonly() }),
      ),
    }),
  }),
  z.strictObject({ type: z.literal('contact'), card: ContactCard }),
]);
export type BotReply = z.infer<typeof BotReply>;

/** What the bot of an instance answers to a message that has one of these keywords. */
export const KeywordRule = z.strictObject({
  accountId: ObjectId,
  instanceId: ObjectId,
  keywordId: ObjectId,
  /** Any one of them is enough. */
  keywords: z.array(z.string()).min(1),
  match: KeywordMatch,
  /** Capitals count, and so do accents. */
  caseSensitive: z.boolean(),
  accentSensitive: z.boolean(),
  /** Of several rules that match, the one with the highest goes first; of equals, the older one. */
  priority: z.int(),
  chats: RuleChats,
  enabled: z.boolean(),
  reply: BotReply,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type KeywordRule = z.infer<typeof KeywordRule>;
