import { by, type CallRow, get, named, post } from './build-call.ts';

const RULE = { keyword: 'price', reply: { type: 'text', message: '{Hi|Hello} [name]' } };
const UNKNOWN = `/whatsapp/keywords/${'0'.repeat(24)}`;

/** Of keyword rules, and of what the bot would answer. */
export const BOT_CALLS: readonly CallRow[] = [
  ['no rules', (cast) => get(`/whatsapp/keywords?${named(cast)}`)],
  ['a rule', (cast) => post(`/whatsapp/keywords?${named(cast)}`, RULE)],
  [
    'a rule with a pattern that is none',
    (cast) => post(`/whatsapp/keywords?${named(cast)}`, { ...RULE, keyword: '(', match: 'regex' }),
  ],
  ['a rule of nobody', () => post('/whatsapp/keywords', RULE)],
  ['the rules', (cast) => get(`/whatsapp/keywords?${named(cast)}`)],
  ['a rule that is not there', (cast) => get(`${UNKNOWN}?${named(cast)}`)],
  [
    'another rule in the place of one that is not there',
    (cast) => ({ ...post(`${UNKNOWN}?${named(cast)}`, RULE), method: 'PUT' }),
  ],
  [
    'the end of a rule that is not there',
    (cast) => ({ ...get(`${UNKNOWN}?${named(cast)}`), method: 'DELETE' }),
  ],
  [
    'what the bot would answer',
    (cast) =>
      post(`/whatsapp/bot/preview?${named(cast)}`, {
        message: 'good bye',
        at: '2026-11-25T09:30:00Z',
        chatId: '15550000002',
      }),
  ],
  [
    'what the bot of somebody else would answer',
    ({ strangerToken, sessionId }) =>
      post(`/whatsapp/bot/preview?session_id=${sessionId}`, { message: 'x' }, by(strangerToken)),
  ],
];
