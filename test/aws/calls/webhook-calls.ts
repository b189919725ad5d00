import { by, type CallRow, get, named, post } from './build-call.ts';

const HOOK = {
  webhook_url: 'https://hooks.example.com/orders',
  events: ['onNewProduct'],
  filters: { groups: false },
};
const UNKNOWN = `/whatsapp/webhooks/${'0'.repeat(24)}`;
const SINCE = { since: '2026-11-25T00:00:00Z' };

/** Of webhooks and what became of their events. The one that is made asks for what nothing raises. */
export const WEBHOOK_CALLS: readonly CallRow[] = [
  ['a further webhook', (cast) => post(`/whatsapp/webhooks?${named(cast)}`, HOOK)],
  [
    'a further webhook by the account, with its secret',
    ({ token, sessionId }) => post(`/whatsapp/webhooks?session_id=${sessionId}`, HOOK, by(token)),
  ],
  [
    'a webhook to a private address',
    (cast) =>
      post(`/whatsapp/webhooks?${named(cast)}`, { ...HOOK, webhook_url: 'https://10.0.0.1/' }),
  ],
  ['the webhooks', (cast) => get(`/whatsapp/webhooks?${named(cast)}`)],
  ['a webhook that is not there', (cast) => get(`${UNKNOWN}?${named(cast)}`)],
  [
    'the end of a webhook that is not there',
    (cast) => ({ ...get(`${UNKNOWN}?${named(cast)}`), method: 'DELETE' }),
  ],
  [
    'a replay for a webhook that is not there',
    (cast) => post(`${UNKNOWN}/replay?${named(cast)}`, SINCE),
  ],
  [
    'a redrive for a webhook that is not there',
    (cast) => post(`${UNKNOWN}/redrive?${named(cast)}`, {}),
  ],
  ['no deliveries', (cast) => get(`/whatsapp/webhooks/deliveries?${named(cast)}&state=DEAD`)],
  [
    'deliveries of an unknown state',
    (cast) => get(`/whatsapp/webhooks/deliveries?${named(cast)}&state=LOST`),
  ],
  [
    'a delivery that is not there',
    (cast) => get(`/whatsapp/webhooks/deliveries/01ARZ3NDEKTSV4RRFFQ69G5FAV?${named(cast)}`),
  ],
  [
    'events of a kind that there are none of',
    (cast) => get(`/whatsapp/events?${named(cast)}&events=onNewProduct`),
  ],
  ['events after nothing', (cast) => get(`/whatsapp/events?${named(cast)}&after=x`)],
  [
    'events of somebody else',
    ({ strangerToken, sessionId }) =>
      get(`/whatsapp/events?session_id=${sessionId}`, by(strangerToken)),
  ],
];
