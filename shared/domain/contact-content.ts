import type { ContactCard } from './contact.ts';
import { toVcard } from './vcard.ts';

/** A card as a message. WhatsApp's own apps end its lines with a line feed alone, and the last one with nothing. */
export function toContactContent(card: ContactCard) {
  const vcard = toVcard(card).replaceAll('\r\n', '\n').trimEnd();
  return { kind: 'contact', displayName: card.displayName, vcard } as const;
}
