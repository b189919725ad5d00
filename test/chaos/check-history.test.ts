import { expect, it } from 'vitest';
import { checkHistory } from './check-history.ts';
import type { History } from './history.ts';

const CHAT = '15550000001>15560000001';
const OTHER = '15550000001>15560000002';
const OPTIONS = { failoverMsMax: 9_000, isFailoverMeasured: true };

const send = (chat: string, text: string) => ({
  chat,
  text,
  messageId: `id ${chat} ${text}`,
  calledAtMs: 0,
  acceptedAtMs: 1,
});
const shown = (chat: string, text: string) => ({ chat, text, atMs: 2, copies: 1 });
const written = (chat: string, text: string) => ({ chat, text, writtenAtMs: 3 });
const told = (chat: string, text: string) => ({
  eventId: `evt ${chat} ${text}`,
  chat,
  text,
  atMs: 4,
  isSigned: true,
});
const failover = (tookMs: number) => ({ runner: 'a', session: '1', tookMs });

/** A run in which every promise was kept. */
const GOOD: History = {
  sends: [send(CHAT, 'a'), send(OTHER, 'c'), send(CHAT, 'b')],
  refusals: [],
  written: [written(CHAT, 'x'), written(CHAT, 'y'), written(OTHER, 'z')],
  // A call that had no answer may have been accepted, and a frame may come several times over the wire.
  shown: [
    shown(OTHER, 'c'),
    shown(CHAT, 'a'),
    shown(CHAT, 'of no answer'),
    { ...shown(CHAT, 'b'), copies: 3 },
  ],
  // A delivery may come again, also when others have come meanwhile.
  deliveries: [told(CHAT, 'x'), told(CHAT, 'y'), told(OTHER, 'z'), told(CHAT, 'x')],
  states: new Map([
    [`id ${CHAT} a`, 'DELIVERED'],
    [`id ${CHAT} b`, 'SENT'],
    [`id ${OTHER} c`, 'READ'],
  ]),
  violations: { ratchetReused: 0, evictedFrames: 0, duplicateIds: 0 },
  failovers: [failover(3_000), failover(9_000)],
  exits: [{ name: 'runner 1', code: 0 }],
  left: [{ name: 'runner 1', pid: 7, state: 'gone' }],
};

/** The faults that are found, by the promise. */
function faultsOf(change: Partial<History>, options = OPTIONS): Record<string, readonly string[]> {
  const verdicts = checkHistory({ ...GOOD, ...change }, options);
  return Object.fromEntries(
    verdicts.flatMap(({ promise, faults }) => (faults.length > 0 ? [[promise, faults]] : [])),
  );
}

it('finds nothing where every promise was kept', () => {
  expect(faultsOf({})).toEqual({});
});

it('sees a call that was refused', () => {
  expect(faultsOf({ refusals: ['422 for a'] })).toEqual({
    'no call is refused': ['422 for a'],
  });
});

it.each(['QUEUED', 'SENDING', 'FAILED', 'EXPIRED', 'CANCELED'])(
  'sees an accepted message that ends %s',
  (state) => {
    const states = new Map([...GOOD.states, [`id ${CHAT} b`, state]]);
    expect(faultsOf({ states })).toEqual({
      'every accepted message ends SENT or further': [`b: ${state}`],
    });
  },
);

it('sees an accepted message that the API does not know', () => {
  const states = new Map([...GOOD.states].slice(1));
  expect(faultsOf({ states })).toEqual({
    'every accepted message ends SENT or further': ['a: not known'],
  });
});

it('sees an accepted message that is not on the phone, nor in its own chat', () => {
  const moved = [...GOOD.shown.slice(0, 3), shown(OTHER, 'b')];
  expect(faultsOf({ shown: moved })).toEqual({
    'every accepted message is on the phone': [`${CHAT} b`],
  });
});

it('sees a message that is shown twice', () => {
  expect(faultsOf({ shown: [...GOOD.shown, shown(CHAT, 'b')] })).toEqual({
    'no message is shown twice': [`${CHAT} b`],
  });
});

it('sees a message without an answer that is shown twice', () => {
  expect(faultsOf({ shown: [...GOOD.shown, shown(CHAT, 'of no answer')] })).toEqual({
    'no message is shown twice': [`${CHAT} of no answer`],
  });
});

it('sees a chat that is out of order on the phone', () => {
  const turned = [shown(OTHER, 'c'), shown(CHAT, 'b'), shown(CHAT, 'a')];
  expect(faultsOf({ shown: turned })).toEqual({
    'a chat is in order on the phone': [`${CHAT}: a after b`],
  });
});

it('sees a message of a customer of which nobody was told', () => {
  expect(faultsOf({ deliveries: GOOD.deliveries.slice(0, 2) })).toEqual({
    'every message of a customer is told of': [`${OTHER} z`],
  });
});

it('sees a message that became two events', () => {
  const again = { ...told(CHAT, 'y'), eventId: 'evt of its own' };
  expect(faultsOf({ deliveries: [...GOOD.deliveries, again] })).toMatchObject({
    'a message has one event, an event one message': [`${CHAT} y has several events`],
  });
});

it('sees an event that is two messages', () => {
  const shared = { ...told(OTHER, 'z'), eventId: `evt ${CHAT} x` };
  const deliveries = [...GOOD.deliveries.slice(0, 2), shared, told(OTHER, 'z')];
  expect(faultsOf({ deliveries })).toMatchObject({
    'a message has one event, an event one message': expect.arrayContaining([
      `evt ${CHAT} x is several messages`,
    ]),
  });
});

it('sees a chat of which the webhook is told out of order', () => {
  const deliveries = [told(CHAT, 'y'), told(CHAT, 'x'), told(OTHER, 'z'), told(CHAT, 'y')];
  expect(faultsOf({ deliveries })).toEqual({
    'a chat is told of in order': [`${CHAT}: x after y`],
  });
});

it('sees a webhook whose signature is wrong', () => {
  const forged = { ...told(CHAT, 'x'), isSigned: false };
  expect(faultsOf({ deliveries: [forged, ...GOOD.deliveries] })).toEqual({
    'every webhook is signed': [forged.eventId],
  });
});

it.each(['ratchetReused', 'evictedFrames', 'duplicateIds'])(
  'sees that the network counted %s',
  (name) => {
    expect(faultsOf({ violations: { ...GOOD.violations, [name]: 2 } })).toEqual({
      'no rule of the network is broken': [`${name}: 2`],
    });
  },
);

it('sees sessions that were away for too long, one in a hundred aside', () => {
  const promise = 'sessions of a killed runner are back in 9000 ms (p99)';
  const mostly = Array.from({ length: 99 }, () => failover(1_000));
  expect(faultsOf({ failovers: [...mostly, failover(60_000)] })).toEqual({});
  expect(faultsOf({ failovers: [...mostly, failover(60_000), failover(9_001)] })).toEqual({
    [promise]: [
      'p99 is 9001 ms',
      'a session of a was away for 60000 ms',
      'a session of a was away for 9001 ms',
    ],
  });
  expect(faultsOf({ failovers: [] })).toEqual({ [promise]: ['none was measured'] });
  expect(faultsOf({ failovers: [] }, { ...OPTIONS, isFailoverMeasured: false })).toEqual({});
});

it.each([
  ['fenced itself', 1, '1'],
  ['had to be killed', null, 'killed'],
])('sees a runner that %s instead of draining', (_, code, shown) => {
  const exits = [...GOOD.exits, { name: 'runner 2', code }];
  expect(faultsOf({ exits })).toEqual({
    'every runner drains when it is told to': [`runner 2: ${shown}`],
  });
});

it('sees a process that is left, or a zombie', () => {
  const left = [...GOOD.left, { name: 'runner 2', pid: 8, state: 'zombie' }];
  expect(faultsOf({ left })).toEqual({ 'no process is left': ['runner 2 (8) is zombie'] });
});

it('counts all faults, and shows the first', () => {
  const sends = Array.from({ length: 40 }, (_, index) => send(CHAT, `lost ${index}`));
  const found = checkHistory({ ...GOOD, sends }, OPTIONS).find(({ promise }) =>
    promise.includes('on the phone'),
  );
  expect(found).toMatchObject({ checked: 40, faultCount: 40 });
  expect(found?.faults).toHaveLength(10);
});
