import * as z from 'zod';
import { MediaType } from '#shared/domain/mimetype.ts';
import { ContactFields } from '../contacts/contact-fields.ts';
import { MediaKindField } from '../messages/media-kind-field.ts';
import { ListField } from '../messages/menu-fields.ts';
import { optional } from '../messages/message-fields.ts';
import { FileName } from '../messages/message-file.ts';

/** With its spintax. A runner has all rules in memory: it is less than a message may have. */
export const REPLY_TEXT_LENGTH_MAX = 8_192;

const ReplyText = z
  .string()
  .max(REPLY_TEXT_LENGTH_MAX)
  .refine((text) => text.trim() !== '' && text.isWellFormed(), 'must be a text that is not empty');

/** Fields of which a call has one. Faults of both are told at the first. */
function oneOf<Name extends string>(first: Name, second: Name) {
  return {
    holds: (fields: Readonly<Partial<Record<Name, unknown>>>) =>
      (fields[first] === undefined) !== (fields[second] === undefined),
    fault: { path: [first], message: `is required, or ${second}, and not both` },
  };
}

const TEXT = oneOf('message', 'text');
const FILE = oneOf('attachmentId', 'url');
const CARD = oneOf('vcard', 'contactId');

/** What a rule answers, by the names of the calls that send the same. */
export const ReplyFields = z.discriminatedUnion(
  'type',
  [
    z
      .object({
        type: z.literal('text'),
        message: optional(ReplyText),
        text: optional(ReplyText),
      })
      .refine(TEXT.holds, TEXT.fault),
    z
      .object({
        type: z.literal('media'),
        media_type: MediaKindField,
        attachmentId: optional(z.string()),
        url: optional(z.string()),
        caption: optional(ReplyText),
        filename: optional(FileName),
        mimetype: optional(MediaType),
      })
      .refine(FILE.holds, FILE.fault),
    z.object({ type: z.literal('list'), msgdata: ListField }),
    z
      .object({
        type: z.literal('contact'),
        vcard: optional(ContactFields),
        contactId: optional(z.string()),
      })
      .refine(CARD.holds, CARD.fault),
  ],
  'must have a type of text, media, list or contact',
);
export type ReplyFields = z.output<typeof ReplyFields>;
