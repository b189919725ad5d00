import { by, type CallRow, get, named, post } from './build-call.ts';

/** Of instances, and of all the ways to name one. */
export const INSTANCE_CALLS: readonly CallRow[] = [
  ['the instances', ({ token }) => get('/whatsapp', by(token))],
  ['the instances by an API key', ({ apiKey }) => get('/whatsapp', by(apiKey))],
  ['the instance by its own token', (cast) => get(`/whatsapp?${named(cast)}`)],
  ['the instances of nobody', () => get('/whatsapp')],
  ['an instance', (cast) => get(`/whatsapp/instance?${named(cast)}`)],
  [
    'an instance by headers',
    ({ sessionId, instanceToken }) =>
      get('/whatsapp/instance', { 'x-session-id': sessionId, 'X-Instance-Token': instanceToken }),
  ],
  [
    'an instance named twice, in the same words',
    (cast) => get(`/whatsapp/instance?${named(cast)}&${named(cast)}`),
  ],
  [
    'an instance named twice, in other words',
    (cast) => get(`/whatsapp/instance?${named(cast)}&session_id=other`),
  ],
  [
    'an instance named differently by a header',
    (cast) => get(`/whatsapp/instance?${named(cast)}`, { 'x-session-id': 'other' }),
  ],
  [
    'an instance by a GET with a body',
    ({ sessionId, instanceToken }) => ({
      ...post('/whatsapp/instance', { session_id: sessionId, access_token: instanceToken }),
      method: 'GET',
    }),
  ],
  [
    'an instance without its token',
    ({ sessionId }) => get(`/whatsapp/instance?session_id=${sessionId}`),
  ],
  [
    'an instance with a wrong token',
    ({ sessionId }) => get(`/whatsapp/instance?session_id=${sessionId}&access_token=wrong`),
  ],
  [
    'an instance of somebody else',
    ({ token, strangerSessionId }) =>
      get(`/whatsapp/instance?session_id=${strangerSessionId}`, by(token)),
  ],
  [
    'an instance that is not there',
    ({ token }) => get('/whatsapp/instance?session_id=nothing', by(token)),
  ],
  ['an instance without a name', ({ token }) => get('/whatsapp/instance', by(token))],
  [
    'an instance by an escaped query',
    ({ token, sessionId }) =>
      get(`/whatsapp/instance?session%5Fid=${sessionId}&x=%C3%A9%20%2B`, by(token)),
  ],
  [
    'a start of somebody else',
    ({ token, strangerSessionId }) =>
      post('/whatsapp/init', { session_id: strangerSessionId }, by(token)),
  ],
  [
    'a start with a webhook on this machine',
    (cast) =>
      post('/whatsapp/init', {
        session_id: cast.sessionId,
        access_token: cast.instanceToken,
        config: { setWebhook: true, webhookUrl: 'http://127.0.0.1/hook' },
      }),
  ],
  ['a code to scan while there is none', (cast) => get(`/whatsapp/scan?${named(cast)}`)],
  ['a code in a wrong format', (cast) => get(`/whatsapp/scan?${named(cast)}&format=gif`)],
  ['a pairing without a phone', (cast) => post(`/whatsapp/pair?${named(cast)}`, {})],
  [
    'a logout of somebody else',
    ({ token, strangerInstanceId }) =>
      get(`/whatsapp/instance/logout/${strangerInstanceId}`, by(token)),
  ],
  [
    'the end of somebody else',
    ({ token, strangerInstanceId }) => ({
      method: 'DELETE',
      path: `/whatsapp/${strangerInstanceId}`,
      headers: by(token),
    }),
  ],
  [
    'the end of nothing',
    ({ token }) => ({ method: 'DELETE', path: '/whatsapp/', headers: by(token) }),
  ],
  ['the instances with a slash at their end', ({ token }) => get('/whatsapp/', by(token))],
];
