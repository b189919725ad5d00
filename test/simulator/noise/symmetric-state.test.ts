import { describe, expect, it } from 'vitest';

import { NoiseError } from '#simulator/noise/noise-error.ts';
import { SymmetricState } from '#simulator/noise/symmetric-state.ts';
import { type KeyPair, keyPairOf, sharedSecret } from '#simulator/signal/keys.ts';
import { KEYS, VECTORS } from './noise-vectors.ts';

const pairOf = (hex: string): KeyPair => keyPairOf(Buffer.from(hex, 'hex'));
const initiator = {
  static: pairOf(KEYS.initiatorStatic),
  ephemeral: pairOf(KEYS.initiatorEphemeral),
};
const responder = {
  static: pairOf(KEYS.responderStatic),
  ephemeral: pairOf(KEYS.responderEphemeral),
};
const NONE = Buffer.alloc(0);

/** The XX pattern of the specification, seen from one side: both sides hash the same things. */
function writeHandshake(payloads: readonly Buffer[]): {
  messages: Buffer[];
  state: SymmetricState;
} {
  const state = new SymmetricState('Noise_XX_25519_AESGCM_SHA256');
  const [first = NONE, second = NONE, third = NONE] = payloads;
  state.mixHash(NONE);
  state.mixHash(initiator.ephemeral.public);
  const hello = Buffer.concat([initiator.ephemeral.public, state.encryptAndHash(first)]);

  state.mixHash(responder.ephemeral.public);
  state.mixKey(sharedSecret(responder.ephemeral.private, initiator.ephemeral.public));
  const responderStatic = state.encryptAndHash(responder.static.public);
  state.mixKey(sharedSecret(responder.static.private, initiator.ephemeral.public));
  const answer = [responder.ephemeral.public, responderStatic, state.encryptAndHash(second)];

  const initiatorStatic = state.encryptAndHash(initiator.static.public);
  state.mixKey(sharedSecret(initiator.static.private, responder.ephemeral.public));
  const finish = [initiatorStatic, state.encryptAndHash(third)];
  return { messages: [hello, Buffer.concat(answer), Buffer.concat(finish)], state };
}

describe('the symmetric state', () => {
  it.each(VECTORS)('gives the published messages of XX: $name', ({ messages }) => {
    const payloads = messages.slice(0, 3).map(({ payload }) => Buffer.from(payload, 'hex'));
    const written = writeHandshake(payloads);
    const expected = messages.slice(0, 3).map(({ ciphertext }) => ciphertext);
    const actual = written.messages.map((message) => message.toString('hex'));
    expect(actual).toEqual(expected);
  });

  it('gives the published messages of the transport', () => {
    const [vector] = VECTORS;
    const { initiator: first, responder: second } = writeHandshake([]).state.split();
    const [fourth, fifth] = vector?.messages.slice(3) ?? [];
    const seal = (cipher: typeof first, payload = '') =>
      cipher.encrypt(Buffer.from(payload, 'hex'), NONE).toString('hex');
    expect(seal(first, fourth?.payload)).toBe(fourth?.ciphertext);
    expect(seal(second, fifth?.payload)).toBe(fifth?.ciphertext);
  });

  it('refuses a changed ciphertext', () => {
    const alice = new SymmetricState('Noise_XX_25519_AESGCM_SHA256');
    const bob = new SymmetricState('Noise_XX_25519_AESGCM_SHA256');
    alice.mixKey(Buffer.alloc(32, 1));
    bob.mixKey(Buffer.alloc(32, 1));
    const ciphertext = alice.encryptAndHash(Buffer.from('text'));
    ciphertext.writeUInt8(ciphertext.readUInt8(0) ^ 1, 0);
    expect(() => bob.decryptAndHash(ciphertext)).toThrow(NoiseError);
    expect(() => bob.decryptAndHash(Buffer.alloc(15))).toThrow(NoiseError);
  });
});
