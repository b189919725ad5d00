import { by, type CallRow, FORM_TYPE, get, named, post, raw } from './build-call.ts';

/** Of messages and webhooks. */
export const MESSAGE_CALLS: readonly CallRow[] = [
  [
    'a text',
    (cast) =>
      post('/whatsapp/message', {
        session_id: cast.sessionId,
        access_token: cast.instanceToken,
        chatId: '15550000002',
        message: 'Grüße, 你好 👋',
      }),
  ],
  [
    'a text by a form',
    (cast) =>
      raw('/whatsapp/message', {
        headers: FORM_TYPE,
        body: `${named(cast)}&chatId=15550000002&message=a+b%20c`,
      }),
  ],
  [
    'a text to nobody',
    (cast) =>
      post('/whatsapp/message', {
        session_id: cast.sessionId,
        access_token: cast.instanceToken,
        chatId: 'nobody',
        message: 'x',
      }),
  ],
  [
    'a text without a text',
    (cast) =>
      post('/whatsapp/message', {
        session_id: cast.sessionId,
        access_token: cast.instanceToken,
        chatId: '15550000002',
      }),
  ],
  [
    'a text of an instance that never started',
    ({ strangerToken, strangerSessionId }) =>
      post(
        '/whatsapp/message',
        { session_id: strangerSessionId, chatId: '15550000002', message: 'x' },
        by(strangerToken),
      ),
  ],
  [
    'a text in the old way',
    (cast) =>
      post('/whatsapp/sendText', {
        session_id: cast.sessionId,
        access_token: cast.instanceToken,
        to: '15550000002',
        message: 'x',
      }),
  ],
  [
    'a text in the other old way',
    (cast) =>
      post('/whatsapp/message/sendText', {
        session_id: cast.sessionId,
        access_token: cast.instanceToken,
        to: '15550000002',
        message: 'x',
      }),
  ],
  ['a message', (cast) => get(`/whatsapp/message/${cast.messageId}?${named(cast)}`)],
  [
    'a message by the account',
    ({ token, messageId }) => get(`/whatsapp/message/${messageId}`, by(token)),
  ],
  [
    'a message by its escaped id',
    ({ token, messageId }) =>
      get(
        `/whatsapp/message/%${messageId.charCodeAt(0).toString(16)}${messageId.slice(1)}`,
        by(token),
      ),
  ],
  [
    'a message of somebody else',
    ({ strangerToken, messageId }) => get(`/whatsapp/message/${messageId}`, by(strangerToken)),
  ],
  [
    'a message that is not there',
    ({ token }) => get('/whatsapp/message/3EB0000000000000000000', by(token)),
  ],
  [
    'a message by an id with a percent sign',
    ({ token }) => get('/whatsapp/message/a%25b', by(token)),
  ],
  ['a message by an id with a plus', ({ token }) => get('/whatsapp/message/a+b', by(token))],
  [
    'a webhook',
    ({ token, sessionId }) => ({
      ...post(
        '/whatsapp/setWebhook',
        { session_id: sessionId, webhook_url: 'https://hooks.example.com/in?a=1' },
        by(token),
      ),
      method: 'PUT',
    }),
  ],
  [
    'a webhook on this machine',
    ({ token, sessionId }) => ({
      ...post(
        '/whatsapp/setWebhook',
        { session_id: sessionId, webhook_url: 'https://127.0.0.1/in' },
        by(token),
      ),
      method: 'PUT',
    }),
  ],
  [
    'a webhook to nowhere',
    ({ token, sessionId }) => ({
      ...post('/whatsapp/setWebhook', { session_id: sessionId, webhook_url: 'nowhere' }, by(token)),
      method: 'PUT',
    }),
  ],
  [
    'the webhook',
    ({ token, sessionId }) => get(`/whatsapp/webhook?session_id=${sessionId}`, by(token)),
  ],
  ['the webhook by the instance itself', (cast) => get(`/whatsapp/webhook?${named(cast)}`)],
  [
    'a message with a slash at its end',
    ({ token, messageId }) => get(`/whatsapp/message/${messageId}/?a=1`, by(token)),
  ],
];
