import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  judgeReuse,
  noteContent,
  noteMessageId,
  noteRatchets,
  noteRetryAsked,
} from '#simulator/server/strictness.ts';
import { generateKeyPair, withTypeByte } from '#simulator/signal/keys.ts';
import { encryptMessage, type LocalKeys, startSession } from '#simulator/signal/session.ts';
import { sign } from '#simulator/signal/xeddsa.ts';
import { openStore, type Store } from '#simulator/store/store.ts';

const SENDER = { number: '15550007001', device: 1 };
const CHAT = '15550007002@c.us';

describe('the strict checks', () => {
  let store: Store;
  beforeEach(() => {
    store = openStore(':memory:');
  });
  afterEach(() => store.db.close());
  const duplicates = () => store.counters.read('duplicateIds');
  const use = (loginNo: number, fields: { chat?: string; acked?: boolean } = {}) =>
    noteMessageId(
      { ...SENDER, loginNo },
      { id: 'ID', chat: CHAT, acked: true, ...fields },
      { store },
    );

  it('allows an id again on a later login, after a nack, and when a retry was asked for', () => {
    use(1, { acked: false });
    use(1);
    use(2);
    noteRetryAsked(SENDER, 'ID', { store });
    use(2);
    expect(duplicates()).toBe(0);
    expect(store.counters.read('messagesResent')).toBe(3);
  });

  it('counts an id again on the login that has its ack, one retry receipt for one message', () => {
    use(1);
    noteRetryAsked(SENDER, 'ID', { store });
    use(1);
    expect(duplicates()).toBe(0);
    use(1);
    expect(duplicates()).toBe(1);
  });

  it('counts an id in another chat on any login', () => {
    use(1);
    use(2, { chat: 'other@g.us' });
    expect(duplicates()).toBe(1);
    expect(store.counters.samples()).toEqual(['duplicateIds: ID again from 15550007001:1']);
  });

  it('counts other content under the same id once, however many phones read it', () => {
    use(1);
    const read = (text: string) =>
      noteContent(SENDER, { id: 'ID', view: { type: 'text', text } }, { store });
    read('one');
    read('one');
    expect(duplicates()).toBe(0);
    read('two');
    read('two');
    expect(duplicates()).toBe(1);
    expect(store.counters.samples().join()).not.toContain('two');
  });

  it('counts a ratchet position only with another ciphertext and the same recipient', () => {
    const identity = generateKeyPair();
    const pair = generateKeyPair();
    const local: LocalKeys = {
      identity,
      registrationId: 1,
      signedPreKey: () => undefined,
      preKey: () => undefined,
    };
    const session = startSession(local, {
      registrationId: 2,
      identityKey: identity.public,
      signedPreKey: {
        id: 1,
        publicKey: pair.public,
        signature: sign(identity.private, withTypeByte(pair.public)),
      },
    });
    const encryptAtSamePlace = (text: string) => {
      const { type, ciphertext } = encryptMessage(local, session, Buffer.from(text));
      return { type, ciphertext };
    };
    const first = encryptAtSamePlace('first');
    const send = (recipient: string, encrypted: typeof first) =>
      noteRatchets(SENDER, [{ recipient, encrypted }], { store });
    send('phone:0', first);
    send('phone:0', first);
    send('other:0', encryptAtSamePlace('to somebody else'));
    send('phone:0', { type: 'msg', ciphertext: randomBytes(20) });
    expect(store.counters.read('ratchetReused')).toBe(0);
    send('phone:0', encryptAtSamePlace('second'));
    expect(store.counters.read('ratchetReused')).toBe(1);
  });

  it('judges: another chat is always wrong, a later login is never', () => {
    const sent = fc.record({
      chat: fc.constantFrom('a', 'b'),
      loginNo: fc.integer({ min: 1, max: 5 }),
      acked: fc.boolean(),
      retriesAsked: fc.integer({ min: 0, max: 3 }),
      retriesUsed: fc.integer({ min: 0, max: 3 }),
      fingerprint: fc.constant(undefined),
    });
    fc.assert(
      fc.property(sent, fc.constantFrom('a', 'b'), fc.nat(5), (before, chat, later) => {
        const verdict = judgeReuse(before, { chat, loginNo: before.loginNo + later });
        if (before.chat !== chat) expect(verdict).toBe('duplicate');
        else if (later > 0 || !before.acked) expect(verdict).not.toBe('duplicate');
      }),
    );
  });
});
