import * as z from 'zod';

/** Whom a message goes to. `phone` is a number in international form, digits alone. */
export type Recipient =
  | { readonly kind: 'phone'; readonly phone: string }
  | { readonly kind: 'lid'; readonly lid: string }
  | { readonly kind: 'group'; readonly group: string };

/** E.164 allows 15 digits; the shortest numbers in use have 5. */
const PHONE = /^[1-9]\d{4,14}$/;
const LID = /^\d{5,20}$/;
/** The older group ids carry the creator's number: `<number>-<time>`. */
const GROUP = /^\d{5,25}(-\d{5,15})?$/;
const PUNCTUATION = /[\s().+-]/g;

/** Reads `chatId`: a bare number, or `…@c.us`, `…@s.whatsapp.net`, `…@lid`, `…@g.us`. */
export function parseRecipient(chatId: string): Recipient | undefined {
  const [user = '', server, ...rest] = chatId.trim().split('@');
  if (rest.length > 0) return undefined;
  switch (server) {
    case undefined:
    case 'c.us':
    case 's.whatsapp.net': {
      const phone = user.replace(PUNCTUATION, '');
      return PHONE.test(phone) ? { kind: 'phone', phone } : undefined;
    }
    case 'lid':
      return LID.test(user) ? { kind: 'lid', lid: user } : undefined;
    case 'g.us':
      return GROUP.test(user) ? { kind: 'group', group: user } : undefined;
    default:
      return undefined;
  }
}

/** The form in which the API shows a chat: `…@c.us`, `…@lid`, `…@g.us`. */
export function toChatId(recipient: Recipient): string {
  switch (recipient.kind) {
    case 'phone':
      return `${recipient.phone}@c.us`;
    case 'lid':
      return `${recipient.lid}@lid`;
    case 'group':
      return `${recipient.group}@g.us`;
  }
}

/** A phone number alone, as for a pairing code; punctuation is dropped. */
export const PhoneNumber = z.string().transform((text, context) => {
  const phone = text.replace(PUNCTUATION, '');
  if (PHONE.test(phone)) return phone;
  context.addIssue('must be a phone number with its country code, 5 to 15 digits');
  return z.NEVER;
});

/** `chatId` at the border, in its canonical form. */
export const ChatId = z.string().transform((text, context) => {
  const recipient = parseRecipient(text);
  if (recipient) return toChatId(recipient);
  context.addIssue(
    'must be a phone number with its country code, or end in @c.us, @s.whatsapp.net, @lid or @g.us',
  );
  return z.NEVER;
});

/** The same of a person alone. */
export const PersonId = ChatId.refine(
  (chatId) => !chatId.endsWith('@g.us'),
  'must be a person, not a group',
);
