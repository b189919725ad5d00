import type { proto } from '@whiskeysockets/baileys';
import type { MessageContent } from '#shared/domain/message.ts';

/** The WhatsApp message of a content: the same bytes at every attempt, and for whoever asks for it again. */
export function toWire(content: MessageContent): proto.IMessage {
  switch (content.kind) {
    case 'text':
      return { extendedTextMessage: { text: content.text } };
  }
}
