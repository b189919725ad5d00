import { by, type CallRow, get, named, post } from './build-call.ts';

const ROUTE = '/whatsapp/attachments';
const UNKNOWN = `${ROUTE}/${'0'.repeat(24)}`;

/** Of attachments. Nobody's list has any in it, and no URL of the two homes is like the other's. */
export const ATTACHMENT_CALLS: readonly CallRow[] = [
  ['no attachments', ({ strangerToken }) => get(ROUTE, by(strangerToken))],
  ['no attachments of an instance', (cast) => get(`${ROUTE}?${named(cast)}`)],
  ['attachments of nobody', () => get(ROUTE)],
  ['too many attachments', ({ token }) => get(`${ROUTE}?limit=101`, by(token))],
  ['a new attachment of nothing', ({ token }) => post(ROUTE, {}, by(token))],
  [
    'a new attachment that is none',
    ({ token }) => post(ROUTE, { fileName: '', mimetype: 'png', size: 0 }, by(token)),
  ],
  ['a new attachment that is text', ({ token }) => post(ROUTE, { file: 'text' }, by(token))],
  ['an attachment that is not there', ({ token }) => get(UNKNOWN, by(token))],
  ['an attachment by a wrong id', ({ token }) => get(`${ROUTE}/x%20y`, by(token))],
  [
    'the end of an attachment that is not there',
    ({ token }) => ({ method: 'DELETE', path: UNKNOWN, headers: by(token) }),
  ],
];
