import * as z from 'zod';
import { Ulid } from './identifier.ts';

/** Another device's message, by the addresses that WhatsApp knows it by. */
const MessageKey = z.strictObject({
  waId: z.string(),
  remoteJid: z.string(),
  participant: z.string().optional(),
});

/** What a session is to do at once, or not at all: unlike a message it does not wait for one that is down. */
export const CommandRequest = z.discriminatedUnion('kind', [
  /** Whether the number is on WhatsApp. Digits alone. */
  z.strictObject({ kind: z.literal('check_number'), phone: z.string() }),
  /** What the others in the chat see the account do. */
  z.strictObject({
    kind: z.literal('show_presence'),
    chatId: z.string(),
    presence: z.enum(['composing', 'recording', 'paused']),
  }),
  /** Tells the senders that their messages were read. */
  z.strictObject({ kind: z.literal('mark_read'), messages: z.array(MessageKey) }),
]);
export type CommandRequest = z.infer<typeof CommandRequest>;

export const CommandAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done') }),
  z.strictObject({
    kind: z.literal('checked'),
    exists: z.boolean(),
    /** The address, and the LID where WhatsApp tells it, of one who is there. */
    jid: z.string().optional(),
    lid: z.string().optional(),
  }),
  /** Nothing was done: the session is not connected, or WhatsApp gave no answer. */
  z.strictObject({ kind: z.literal('refused'), reason: z.string() }),
]);
export type CommandAnswer = z.infer<typeof CommandAnswer>;

/** A request of the control plane to the session of an instance, and its answer. */
export const Command = z.strictObject({
  commandId: Ulid,
  request: CommandRequest,
  answer: CommandAnswer.optional(),
});
export type Command = z.infer<typeof Command>;
