import * as z from 'zod';

import { SENDABLE_MEDIA } from '#simulator/phones/phone-media.ts';

import { PhoneNumber } from './schemas.ts';

const TEXT_CHARS_MAX = 65_536;
const NAME_CHARS_MAX = 255;
const MENTIONS_MAX = 1_024;
const CONTACTS_MAX = 250;
/** WhatsApp's own limit. */
const LIST_MAX = 256;
const POLL_OPTIONS_MAX = 12;

const Recipient = z.union([z.string().min(1).max(100), z.number()]).transform(String);
const Text = z.string().min(1).max(TEXT_CHARS_MAX);
const Name = z.string().min(1).max(NAME_CHARS_MAX);
const MessageId = z.string().min(1).max(NAME_CHARS_MAX);

const mediaFields = {
  type: z.enum(SENDABLE_MEDIA),
  mimetype: z.string().min(3).max(200),
  caption: z.string().max(TEXT_CHARS_MAX).optional(),
  fileName: Name.optional(),
};
const Media = z.strictObject({
  ...mediaFields,
  ptt: z.boolean().optional(),
  gif: z.boolean().optional(),
  base64: z.base64().min(1),
});
const Location = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: Name.optional(),
  address: z.string().max(TEXT_CHARS_MAX).optional(),
});
const Contact = z.strictObject({ displayName: Name, vcard: Text });
const Poll = z.strictObject({
  name: Text,
  options: z.array(Name).min(1).max(POLL_OPTIONS_MAX),
  selectable: z.int().min(0).max(POLL_OPTIONS_MAX).default(1),
});
const Reaction = z.strictObject({ id: MessageId, text: z.string().max(32) });
const Edit = z.strictObject({ id: MessageId, text: Text });
const Revoke = z.strictObject({ id: MessageId });
const Reply = z.strictObject({
  id: MessageId,
  selected: z.string().max(TEXT_CHARS_MAX),
  title: z.string().max(TEXT_CHARS_MAX),
});
const PollVote = z.strictObject({ id: MessageId, options: z.array(Name).max(POLL_OPTIONS_MAX) });

/** Everything that a phone can send; each one knows its kind. */
const contents = {
  text: Text.transform((text) => ({ kind: 'text' as const, text })).optional(),
  media: Media.transform((media) => ({ kind: 'media' as const, ...media })).optional(),
  location: Location.transform((place) => ({ kind: 'location' as const, place })).optional(),
  contact: Contact.transform((one) => ({ kind: 'contacts' as const, contacts: [one] })).optional(),
  contacts: z
    .array(Contact)
    .min(1)
    .max(CONTACTS_MAX)
    .transform((list) => ({ kind: 'contacts' as const, contacts: list }))
    .optional(),
  poll: Poll.transform((poll) => ({ kind: 'poll' as const, poll })).optional(),
  reaction: Reaction.transform((body) => ({ kind: 'reaction' as const, ...body })).optional(),
  edit: Edit.transform((body) => ({ kind: 'edit' as const, ...body })).optional(),
  revoke: Revoke.transform((body) => ({ kind: 'revoke' as const, ...body })).optional(),
  buttonReply: Reply.transform((body) => ({ kind: 'buttonReply' as const, ...body })).optional(),
  listReply: Reply.transform((body) => ({ kind: 'listReply' as const, ...body })).optional(),
  interactiveReply: Reply.transform((body) => ({
    kind: 'interactiveReply' as const,
    ...body,
  })).optional(),
  pollVote: PollVote.transform((body) => ({ kind: 'pollVote' as const, ...body })).optional(),
};

/** One message of a phone: exactly one content, and with a text what it quotes and mentions. */
export const MessageBody = z
  .strictObject({
    /** Several numbers are a broadcast list. */
    to: z.union([Recipient, z.array(PhoneNumber).min(1).max(LIST_MAX)]),
    quote: MessageId.optional(),
    mentions: z.array(Recipient).max(MENTIONS_MAX).optional(),
    ...contents,
  })
  .transform(({ to, quote, mentions, ...given }, context) => {
    const [content, ...others] = Object.values(given).filter((one) => one !== undefined);
    if (!content || others.length > 0) {
      context.addIssue(`Give exactly one of ${Object.keys(contents).join(', ')}.`);
      return z.NEVER;
    }
    if (content.kind !== 'text' && (quote !== undefined || mentions !== undefined)) {
      context.addIssue('Only a text has quote and mentions.');
      return z.NEVER;
    }
    return { to, quote, mentions: mentions ?? [], content };
  });
export type MessageBody = z.infer<typeof MessageBody>;

/** The file itself is the body. */
export const MediaQuery = z.strictObject({
  to: Recipient,
  ...mediaFields,
  ptt: z.stringbool().optional(),
  gif: z.stringbool().optional(),
});
