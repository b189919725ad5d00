import { proto } from '@whiskeysockets/baileys';
import type { MediaUpload, MessageContent } from '#shared/domain/message-content.ts';
import { toWireMessage } from '#shared/domain/wire-message.ts';

/** The WhatsApp message of a content: the same bytes at every attempt, and for whoever asks for it again. */
export function toWire(content: MessageContent, upload?: MediaUpload): proto.IMessage {
  return proto.Message.fromObject(toWireMessage(content, upload));
}
