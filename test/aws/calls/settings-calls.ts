import { by, type CallRow, FORM_TYPE, get, named, post } from './build-call.ts';

const put = (...call: Parameters<typeof post>) => ({ ...post(...call), method: 'PUT' });

/** Of settings. What is really changed is the stranger's, whom no other call asks for them. */
export const SETTINGS_CALLS: readonly CallRow[] = [
  [
    'new general settings of an account, as curl sends them',
    ({ strangerToken }) => ({
      method: 'PUT',
      path: '/whatsapp/updateGeneral',
      headers: { ...FORM_TYPE, ...by(strangerToken), 'x-refresh': '' },
      body: '{ "bot_name": "Grüße 👋", "bot_timezone": "+1", "bot_lang": "EN", "default_msg": true }',
    }),
  ],
  [
    'new actions of an instance',
    ({ strangerToken, strangerSessionId }) =>
      put(
        '/whatsapp/updateActions',
        { session_id: strangerSessionId, multi_device: true, send_webhook: true },
        by(strangerToken),
      ),
  ],
  [
    'active days that are as they were, by the instance itself',
    (cast) =>
      put('/whatsapp/updateActiveDays', {
        session_id: cast.sessionId,
        access_token: cast.instanceToken,
        monday: true,
      }),
  ],
  [
    'active hours over midnight',
    ({ strangerToken }) =>
      put('/whatsapp/updateActiveHours', { from: '22:00', to: '5:00' }, by(strangerToken)),
  ],
  [
    'active hours that are none',
    ({ token }) => put('/whatsapp/updateActiveHours', { from: '5:00', to: '05:00' }, by(token)),
  ],
  [
    'general settings that nothing knows',
    ({ token }) =>
      put(
        '/whatsapp/updateGeneral',
        { bot_timezone: 'Nowhere/Land', bot_lang: 'english', default_msg: 7, bot_number: '1' },
        by(token),
      ),
  ],
  [
    'a new pace of an account',
    ({ strangerToken }) =>
      put('/whatsapp/updatePace', { on: true, per_minute: 30, typing: null }, by(strangerToken)),
  ],
  [
    'a pace that is none',
    ({ token }) => put('/whatsapp/updatePace', { per_minute: 0, burst: 'x', gap: 1 }, by(token)),
  ],
  ['the pace of an instance', (cast) => get(`/whatsapp/pace?${named(cast)}`)],
  ['no new settings', ({ token }) => put('/whatsapp/updateActions', {}, by(token))],
  [
    'new settings of somebody else',
    ({ token, strangerSessionId }) =>
      put('/whatsapp/updateGeneral', { session_id: strangerSessionId, bot_name: 'x' }, by(token)),
  ],
  ['new settings of nobody', () => put('/whatsapp/updateGeneral', { bot_name: 'x' })],
];
