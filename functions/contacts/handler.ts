import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { createContact } from './create-contact.ts';
import { deleteContact } from './delete-contact.ts';
import { listContacts } from './list-contacts.ts';
import { replaceContact } from './replace-contact.ts';
import { showContact } from './show-contact.ts';

export const operations = {
  createContact,
  listContacts,
  showContact,
  replaceContact,
  deleteContact,
};

export const makeHandler = groupHandler('contacts', operations);

export const handler = makeHandler(getDeps);
