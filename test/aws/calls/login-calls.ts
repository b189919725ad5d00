import { type CallRow, FORM_TYPE, JSON_TYPE, multipart, post, raw } from './build-call.ts';

/** Of accounts and logins, in every form that a body may have. */
export const LOGIN_CALLS: readonly CallRow[] = [
  [
    'a registration',
    () => post('/auth/register', { email: 'a@example.com', password: 'x'.repeat(10) }),
  ],
  ['a bad registration', () => post('/auth/register', { email: 'nobody', password: 'x' })],
  ['a login', ({ email, password }) => post('/auth/login', { email, password })],
  [
    'a login by a form',
    ({ email, password }) =>
      raw('/auth/login', {
        headers: FORM_TYPE,
        body: new URLSearchParams({ email, password }).toString(),
      }),
  ],
  [
    'a login by JSON that calls itself a form',
    ({ email, password }) =>
      raw('/auth/login', { headers: FORM_TYPE, body: JSON.stringify({ email, password }) }),
  ],
  [
    'a login by JSON without a type',
    ({ email, password }) => raw('/auth/login', { body: JSON.stringify({ email, password }) }),
  ],
  [
    'a login by JSON as bytes',
    ({ email, password }) =>
      raw('/auth/login', {
        headers: { 'content-type': 'application/octet-stream' },
        body: JSON.stringify({ email, password }),
      }),
  ],
  [
    'a login by multipart',
    ({ email, password }) => raw('/auth/login', multipart({ email, password })),
  ],
  [
    'a login with a wrong password',
    ({ email }) => post('/auth/login', { email, password: 'wrong' }),
  ],
  [
    'a login of nobody',
    () => post('/auth/login', { email: 'nobody@example.com', password: 'wrong' }),
  ],
  ['a login without fields', () => post('/auth/login', {})],
  ['a login with wrong types', () => post('/auth/login', { email: 7, password: ['x'] })],
  ['broken JSON', () => raw('/auth/login', { headers: JSON_TYPE, body: '{"email": ' })],
  ['JSON that is a list', () => raw('/auth/login', { headers: JSON_TYPE, body: '[1, 2]' })],
  ['JSON that is a number', () => raw('/auth/login', { headers: JSON_TYPE, body: '7' })],
  ['an empty body', () => raw('/auth/login', { headers: JSON_TYPE })],
  [
    'a body of __proto__',
    () => raw('/auth/login', { headers: JSON_TYPE, body: '{"__proto__": {"a": 1}}' }),
  ],
  [
    'a body that is no UTF-8',
    () => raw('/auth/login', { headers: FORM_TYPE, body: Buffer.from([0x7b, 0xff, 0xfe]) }),
  ],
  [
    'a multipart body without its end',
    () =>
      raw('/auth/login', {
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: '--x\r\nbroken',
      }),
  ],
  [
    'a form of too many fields',
    () => raw('/auth/login', { headers: FORM_TYPE, body: 'a=1&'.repeat(1_500) }),
  ],
  [
    'a body of a megabyte',
    () => post('/auth/login', { email: 'x'.repeat(1_000_000), password: 'y' }),
  ],
  [
    'a login with a slash at its end',
    ({ email, password }) => post('/auth/login/', { email, password }),
  ],
];
