import { by, type CallRow, get, post } from './build-call.ts';

const JOHN = { fullName: 'john doe', organization: 'Men; In, Black', phoneNumber: 919999999999 };
const UNKNOWN = `/whatsapp/contacts/${'0'.repeat(24)}`;

/** Of the address book. That of the stranger stays empty, so that its list is the same at every call. */
export const CONTACT_CALLS: readonly CallRow[] = [
  ['a new contact', ({ token }) => post('/whatsapp/contacts', JOHN, by(token))],
  ['a new contact by an API key', ({ apiKey }) => post('/whatsapp/contacts', JOHN, by(apiKey))],
  ['a new contact of nobody', () => post('/whatsapp/contacts', JOHN)],
  [
    'a new contact without a name and a number',
    ({ token }) => post('/whatsapp/contacts', { displayName: 'a\nb' }, by(token)),
  ],
  ['no contacts', ({ strangerToken }) => get('/whatsapp/contacts', by(strangerToken))],
  ['too many contacts', ({ token }) => get('/whatsapp/contacts?limit=101', by(token))],
  ['contacts after nothing', ({ token }) => get('/whatsapp/contacts?cursor=x', by(token))],
  ['a contact that is not there', ({ token }) => get(UNKNOWN, by(token))],
  ['a contact by a wrong id', ({ token }) => get('/whatsapp/contacts/x%20y', by(token))],
  [
    'a new card for a contact that is not there',
    ({ token }) => ({ ...post(UNKNOWN, JOHN, by(token)), method: 'PUT' }),
  ],
  [
    'the end of a contact that is not there',
    ({ token }) => ({ method: 'DELETE', path: UNKNOWN, headers: by(token) }),
  ],
];
