import type { Recipient } from '#shared/domain/recipient.ts';

/** WhatsApp's address of a chat: `…@s.whatsapp.net`, `…@lid`, `…@g.us`. */
export function toJid(recipient: Recipient): string {
  switch (recipient.kind) {
    case 'phone':
      return `${recipient.phone}@s.whatsapp.net`;
    case 'lid':
      return `${recipient.lid}@lid`;
    case 'group':
      return `${recipient.group}@g.us`;
  }
}

/** The chat of an address, its device dropped; `undefined` for broadcasts, channels and the like. */
export function fromJid(jid: string | null | undefined): Recipient | undefined {
  const [userAndDevice = '', server] = (jid ?? '').split('@');
  const user = userAndDevice.split(':')[0] ?? '';
  if (user === '') return undefined;
  switch (server) {
    case 's.whatsapp.net':
    case 'c.us':
      return { kind: 'phone', phone: user };
    case 'lid':
      return { kind: 'lid', lid: user };
    case 'g.us':
      return { kind: 'group', group: user };
    default:
      return undefined;
  }
}
