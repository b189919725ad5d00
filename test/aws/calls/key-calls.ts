import { by, type CallRow, get, post } from './build-call.ts';

/** Of API keys, and of tokens that are good, old or wrong. */
export const KEY_CALLS: readonly CallRow[] = [
  ['a refresh without a token', () => post('/auth/refresh', {})],
  ['a refresh with a wrong token', () => post('/auth/refresh', { refresh_token: 'wbr_wrong' })],
  ['a logout of nobody', () => post('/auth/logout', {})],
  ['the keys', ({ token }) => get('/auth/keys', by(token))],
  ['the keys by an API key', ({ apiKey }) => get('/auth/keys', by(apiKey))],
  ['the keys without a token', () => get('/auth/keys')],
  [
    'the keys by a token that has expired',
    ({ expiredToken }) => get('/auth/keys', by(expiredToken)),
  ],
  [
    'the keys by an expired token and a refresh token',
    ({ expiredToken, refreshToken }) =>
      get('/auth/keys', { ...by(expiredToken), 'x-refresh': refreshToken }),
  ],
  [
    'the keys by an expired token and a wrong one',
    ({ expiredToken }) => get('/auth/keys', { ...by(expiredToken), 'x-refresh': 'wbr_wrong' }),
  ],
  ['the keys by half a token', ({ token }) => get('/auth/keys', by(token.slice(0, -10)))],
  ['the keys by Basic', () => get('/auth/keys', { authorization: 'Basic dXNlcjpwYXNz' })],
  ['a new key', ({ token }) => post('/auth/keys', { name: 'another' }, by(token))],
  ['a new key without a name', ({ token }) => post('/auth/keys', { name: '' }, by(token))],
  [
    'the end of a key that is not there',
    ({ token }) => ({ method: 'DELETE', path: `/auth/keys/${'0'.repeat(24)}`, headers: by(token) }),
  ],
  [
    'the end of a key by a wrong id',
    ({ token }) => ({ method: 'DELETE', path: '/auth/keys/x%20y', headers: by(token) }),
  ],
];
