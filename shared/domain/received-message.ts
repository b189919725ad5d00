import * as z from 'zod';
import { ObjectId } from './identifier.ts';

/** A message that reached an instance, kept so that it can be answered, forwarded, marked and reacted to. */
export const ReceivedMessage = z.strictObject({
  instanceId: ObjectId,
  waId: z.string(),
  chatId: z.string(),
  /** It was sent by the account itself, from its phone or another device. */
  fromMe: z.boolean(),
  /** The chat, and in a group the author, by the addresses that WhatsApp used: only by these is the message known. */
  remoteJid: z.string(),
  participant: z.string().optional(),
  at: z.iso.datetime(),
  /** WhatsApp's message as it came (protobuf `proto.Message`), in base64. */
  wire: z.base64(),
});
export type ReceivedMessage = z.infer<typeof ReceivedMessage>;
