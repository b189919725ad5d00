import * as z from 'zod';
import { ObjectId } from '#shared/domain/identifier.ts';
import { answersData, answersNothing } from '../answer-doc.ts';
import type { GroupDocs } from '../operation-doc.ts';
import { PLACEHOLDERS } from '../placeholders.ts';

const Tokens = z.strictObject({
  access_token: z.string().describe('A JWT, for `Authorization: Bearer`.'),
  refresh_token: z.string().describe('`wbr_…`: good once, for 30 days.'),
  expires_in: z.int().describe('Seconds until the access token expires.'),
});
const LoginView = z.strictObject({
  user: z.strictObject({
    _id: ObjectId,
    email: z.string(),
    name: z.string(),
    createdAt: z.iso.datetime(),
  }),
  ...Tokens.shape,
});
const KeyView = z.strictObject({
  id: ObjectId,
  name: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.date().nullable().describe('To the day.'),
});
const CreatedKey = z.strictObject({
  ...KeyView.shape,
  key: z.string().describe('`wbk_…`: it is shown this once.'),
});

const TOKENS = {
  access_token: PLACEHOLDERS.login_token,
  refresh_token: PLACEHOLDERS.refresh_token,
  expires_in: 900,
};
const LOGIN = {
  user: {
    _id: '61bbdbe3087d744b748535ff',
    email: PLACEHOLDERS.email,
    name: 'The Owner',
    createdAt: '2026-11-22T12:00:00.000Z',
  },
  ...TOKENS,
};
const KEY = {
  id: PLACEHOLDERS.key_id,
  name: 'our server',
  createdAt: '2026-11-22T12:00:00.000Z',
  lastUsedAt: null,
};
const BY_LOGIN = { authorization: 'Bearer {login_token}' };
const REFRESH_TOKEN = 'The refresh token; the header `x-refresh` may have it instead.';

export const authDocs = {
  register: {
    summary: 'Make an account',
    description: 'The account is logged in at once. An operator may have closed registration.',
    answers: {
      201: answersData('The account, and its tokens.', {
        message: 'Account created successfully!',
        data: LoginView,
        example: LOGIN,
      }),
    },
    errors: ['email_taken', 'forbidden'],
    examples: {
      default: { body: { email: '{new_email}', password: '{password}', name: 'The Owner' } },
    },
  },
  login: {
    summary: 'Log in',
    description:
      'Five wrong passwords for an address, or fifty from one source, are answered 429 for a quarter of an hour.',
    answers: {
      200: answersData('The account, and its tokens.', {
        message: 'Logged in successfully!',
        data: LoginView,
        example: LOGIN,
      }),
    },
    errors: ['unauthorized', 'too_many_requests'],
    examples: {
      json: { summary: 'JSON', body: { email: '{email}', password: '{password}' } },
      form: {
        summary: 'A multipart form',
        multipart: { email: '{email}', password: '{password}' },
      },
    },
  },
  refresh: {
    summary: 'Get new tokens',
    description:
      'Each refresh token is good once. A used one that comes again ends its login: somebody has copied it.',
    fields: { refresh_token: REFRESH_TOKEN },
    alsoReads: { headers: { 'x-refresh': 'The refresh token, where the body has none.' } },
    answers: {
      200: answersData('A new pair of tokens.', {
        message: 'Tokens refreshed successfully!',
        data: Tokens,
        example: TOKENS,
      }),
    },
    errors: ['unauthorized'],
    examples: { default: { body: { refresh_token: '{refresh_token}' } } },
  },
  logout: {
    summary: 'Log out',
    description:
      'Ends the login of the refresh token, or of the access token in `Authorization` when there is none. Access tokens live on until they expire.',
    fields: { refresh_token: REFRESH_TOKEN },
    alsoReads: {
      headers: { 'x-refresh': 'The refresh token, where the body has none.' },
    },
    answers: { 204: answersNothing('The login has ended.') },
    errors: ['unauthorized', 'token_expired', 'forbidden'],
    examples: { default: { body: { refresh_token: '{refresh_token}' } } },
  },
  createKey: {
    summary: 'Make an API key',
    description: 'For programs. A key may do everything but manage keys and logins.',
    fields: { name: 'What you call it.' },
    answers: {
      201: answersData('The key. Its text is in this answer and nowhere else.', {
        message: 'API key created successfully!',
        data: CreatedKey,
        example: { ...KEY, key: PLACEHOLDERS.token },
      }),
    },
    errors: ['forbidden'],
    examples: { default: { as: 'nobody', headers: BY_LOGIN, body: { name: 'our server' } } },
  },
  listKeys: {
    summary: 'List API keys',
    answers: {
      200: answersData('The keys, without their secrets.', {
        message: 'API keys fetched successfully!',
        data: z.array(KeyView),
        example: [KEY],
      }),
    },
    errors: ['forbidden'],
    examples: { default: { as: 'nobody', headers: BY_LOGIN } },
  },
  deleteKey: {
    summary: 'Delete an API key',
    params: { id: 'The `id` of the key.' },
    answers: { 204: answersNothing('The key is refused from now on.') },
    errors: ['forbidden'],
    examples: { default: { as: 'nobody', headers: BY_LOGIN, params: { id: '{key_id}' } } },
  },
} satisfies GroupDocs<'auth'>;
