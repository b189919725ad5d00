import * as z from 'zod';
import { ObjectId } from './identifier.ts';

/** A line of a card; it is far beyond any name that a phone shows. */
export const CONTACT_TEXT_LENGTH_MAX = 200;

/** Control characters, line separators, and halves of surrogate pairs, which no table stores. */
const NO_LINE_OF_TEXT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** One line of a contact at the border, trimmed. It may be empty. */
export const ContactText = z
  .string()
  .trim()
  .max(CONTACT_TEXT_LENGTH_MAX)
  .refine((text) => !NO_LINE_OF_TEXT.test(text), 'must be one line of text');

/** What a card says, by the names of the customer's page. */
export const ContactCard = z.strictObject({
  fullName: z.string(),
  /** The title under which a chat shows the card. */
  displayName: z.string(),
  organization: z.string().optional(),
  /** In international form, digits alone. */
  phoneNumber: z.string(),
});
export type ContactCard = z.infer<typeof ContactCard>;

/** A card in the address book of an account. */
export const Contact = z.strictObject({
  accountId: ObjectId,
  contactId: ObjectId,
  ...ContactCard.shape,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Contact = z.infer<typeof Contact>;
