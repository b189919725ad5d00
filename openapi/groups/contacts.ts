import * as z from 'zod';
import { ObjectId } from '#shared/domain/identifier.ts';
import { answersData, answersNothing } from '../answer-doc.ts';
import type { GroupDocs } from '../operation-doc.ts';
import { CURSOR, PAGE_FIELDS } from '../page.ts';
import { PLACEHOLDERS } from '../placeholders.ts';

const ContactView = z.strictObject({
  _id: ObjectId,
  fullName: z.string(),
  displayName: z.string(),
  organization: z.string().nullable(),
  phoneNumber: z.string().describe('Digits alone.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
const CARD = { fullName: 'john doe', organization: 'Men In Black', phoneNumber: '919999999999' };
const CONTACT = {
  _id: PLACEHOLDERS.contact_id,
  ...CARD,
  displayName: 'john doe',
  createdAt: '2026-11-22T12:00:00.000Z',
  updatedAt: '2026-11-22T12:00:00.000Z',
};
const FIELDS = {
  fullName: 'One line.',
  displayName: 'The title that a chat shows; the full name when it is not given.',
  organization: 'One line.',
};
const CONTACT_IN_PATH = { id: 'The `_id` of the contact.' };

export const contactsDocs = {
  createContact: {
    summary: 'Make a contact',
    description: 'A card in the address book of your account, which has room for 10,000.',
    fields: FIELDS,
    errors: ['too_many_contacts'],
    answers: {
      201: answersData('The contact.', {
        message: 'Contact created successfully!',
        data: ContactView,
        example: CONTACT,
      }),
    },
    examples: { default: { body: CARD } },
  },
  listContacts: {
    summary: 'List contacts',
    fields: PAGE_FIELDS,
    answers: {
      200: answersData('A page of contacts, newest first.', {
        message: 'Contacts fetched successfully!',
        data: z.strictObject({ contacts: z.array(ContactView), cursor: CURSOR }),
        example: { contacts: [CONTACT], cursor: null },
      }),
    },
    examples: { default: {}, page: { summary: 'Ten of them', query: { limit: '10' } } },
  },
  showContact: {
    summary: 'Show a contact',
    params: CONTACT_IN_PATH,
    answers: {
      200: answersData('The contact.', {
        message: 'Contact fetched successfully!',
        data: ContactView,
        example: CONTACT,
      }),
    },
    examples: { default: { params: { id: '{contact_id}' } } },
  },
  replaceContact: {
    summary: 'Replace a contact',
    description: 'The whole card is replaced: what the call leaves out is gone.',
    params: CONTACT_IN_PATH,
    fields: FIELDS,
    answers: {
      200: answersData('The contact.', {
        message: 'Contact updated successfully!',
        data: ContactView,
        example: CONTACT,
      }),
    },
    examples: { default: { params: { id: '{contact_id}' }, body: CARD } },
  },
  deleteContact: {
    summary: 'Delete a contact',
    params: CONTACT_IN_PATH,
    answers: { 204: answersNothing('It is gone.') },
    examples: { default: { params: { id: '{contact_id}' } } },
  },
} satisfies GroupDocs<'contacts'>;
