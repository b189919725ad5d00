import { encodeWAMessage, type proto } from '@whiskeysockets/baileys';
import type { InboxEntry } from '#runner/whatsapp/inbox.ts';

/** A decrypted message as the inbox passes it on, padding and all. */
export function anInboxEntry(
  attrs: Record<string, string>,
  message: proto.IMessage = { conversation: 'hello' },
): InboxEntry {
  return {
    id: 'row',
    attrs: { id: '3EB0AA', t: '1795348800', type: 'text', ...attrs },
    plaintext: encodeWAMessage(message),
  };
}
