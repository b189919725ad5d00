import type { BinaryNode } from '@whiskeysockets/baileys';
import type { Receipt, ServerAck } from '../session/whatsapp-socket.ts';

/** `<ack class="message" id from [error]>`: the server took, or refused, a message of ours. */
export function readAck({ attrs }: BinaryNode): ServerAck | undefined {
  const { id, error } = attrs;
  if (id === undefined) return undefined;
  return error === undefined ? { waId: id } : { waId: id, error };
}

/** `<receipt id from [type]>` with more ids in a `<list>`: how far messages of ours have come. */
export function readReceipt(stanza: BinaryNode): Receipt | undefined {
  const state = toState(stanza.attrs['type']);
  const { id } = stanza.attrs;
  if (state === undefined || id === undefined) return undefined;
  return { state, waIds: [id, ...listedIds(stanza)] };
}

/** No type, or `inactive` (the phone's screen is off), is a delivery. The other types say nothing of it. */
function toState(type: string | undefined): Receipt['state'] | undefined {
  switch (type) {
    case undefined:
    case 'inactive':
      return 'DELIVERED';
    case 'read':
      return 'READ';
    case 'played':
      return 'PLAYED';
    default:
      return undefined;
  }
}

function listedIds({ content }: BinaryNode): string[] {
  if (!Array.isArray(content)) return [];
  const items = content.flatMap(({ tag, content: listed }) =>
    tag === 'list' && Array.isArray(listed) ? listed : [],
  );
  return items.flatMap(({ attrs }) => attrs['id'] ?? []);
}
