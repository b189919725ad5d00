import { describe, expect, it } from 'vitest';

import { type KeyPair, keyPairOf, withTypeByte } from '#simulator/signal/keys.ts';
import {
  decryptMessage,
  encryptMessage,
  type LocalKeys,
  type SessionState,
  startSession,
} from '#simulator/signal/session.ts';
import { sign } from '#simulator/signal/xeddsa.ts';
import {
  ALICE,
  BOB,
  BOB_PUBLIC,
  CIPHERTEXTS,
  type Letter,
  plaintextOf,
} from './session-vectors.ts';

const pairOf = (hex: string): KeyPair => keyPairOf(Buffer.from(hex, 'hex'));
const bobSigned = pairOf(BOB.signedPreKey.private);
const bobPreKey = pairOf(BOB.preKey.private);
const bobIdentity = pairOf(BOB.identity);

const alice: LocalKeys = {
  identity: pairOf(ALICE.identity),
  registrationId: ALICE.registrationId,
  signedPreKey: () => undefined,
  preKey: () => undefined,
};
const bob: LocalKeys = {
  identity: bobIdentity,
  registrationId: BOB.registrationId,
  signedPreKey: (id) => (id === BOB.signedPreKey.id ? bobSigned : undefined),
  preKey: (id) => (id === BOB.preKey.id ? bobPreKey : undefined),
};

/** Gives the keys of the vectors in their order. */
function keysInOrder(hexes: readonly string[]): () => KeyPair {
  const left = [...hexes];
  return () => {
    const next = left.shift();
    if (next === undefined) throw new Error('The vectors have no more keys.');
    return pairOf(next);
  };
}

/** "+A" is A received, "A" is A sent; every ciphertext and plaintext must be the published one. */
function play(local: LocalKeys, steps: readonly string[], start?: SessionState): void {
  const isAlice = local === alice;
  const keys = isAlice ? ALICE.ratchetKeys.slice(1) : BOB.ratchetKeys;
  const newKeyPair = keysInOrder(keys);
  let state = start;
  for (const step of steps) {
    const letter = step.slice(-1) as Letter;
    const { type, hex } = CIPHERTEXTS[letter];
    if (step.startsWith('+')) {
      const incoming = { type, ciphertext: Buffer.from(hex, 'hex') };
      const read = decryptMessage(local, state, incoming, { newKeyPair });
      expect(read.plaintext.equals(plaintextOf(letter))).toBe(true);
      state = read.state;
    } else {
      if (!state) throw new Error('There is no session yet.');
      const sent = encryptMessage(local, state, plaintextOf(letter));
      expect({ type: sent.type, hex: sent.ciphertext.toString('hex') }).toEqual({ type, hex });
      state = sent.state;
    }
  }
}

function aliceStarts(): SessionState {
  const newKeyPair = keysInOrder([ALICE.baseKey, ...ALICE.ratchetKeys]);
  const publicKey = Buffer.from(BOB_PUBLIC.signedPreKey, 'hex');
  const bundle = {
    registrationId: BOB.registrationId,
    identityKey: Buffer.from(BOB_PUBLIC.identity, 'hex'),
    signedPreKey: {
      id: BOB.signedPreKey.id,
      publicKey,
      // The vectors have no signature: they skip that check.
      signature: sign(bobIdentity.private, publicKey),
    },
    preKey: { id: BOB.preKey.id, publicKey: Buffer.from(BOB_PUBLIC.preKey, 'hex') },
  };
  return startSession(alice, bundle, { newKeyPair });
}

describe('the published session vectors', () => {
  it('have the public keys of their private keys', () => {
    expect(withTypeByte(bobIdentity.public).toString('hex')).toBe(BOB_PUBLIC.identity);
    expect(withTypeByte(bobPreKey.public).toString('hex')).toBe(BOB_PUBLIC.preKey);
    expect(withTypeByte(bobSigned.public).toString('hex')).toBe(BOB_PUBLIC.signedPreKey);
  });

  it.each([
    ['in order', ['A', 'B', '+C', '+D', 'E']],
    ['with the answers swapped', ['A', 'B', '+D', '+C', 'E']],
  ])('come out as Alice, %s', (_name, steps) => {
    play(alice, steps, aliceStarts());
  });

  it.each([
    ['in order', ['+A', '+B', 'C', 'D', '+E']],
    ['with the first two swapped', ['+B', '+A', 'C', 'D', '+E']],
    ['with an answer before the second', ['+A', 'C', '+B', 'D', '+E']],
    ['with the second at the end', ['+A', 'C', 'D', '+E', '+B']],
    ['with the first at the end', ['+B', 'C', 'D', '+E', '+A']],
  ])('come out as Bob, %s', (_name, steps) => {
    play(bob, steps);
  });
});
