import fc from 'fast-check';
import { calculateSignature, verifySignature } from 'libsignal/src/curve.js';
import { describe, expect, it } from 'vitest';

import { agreeAsInitiator, agreeAsResponder } from '#simulator/signal/agreement.ts';
import { messageKeysOf, stepChain } from '#simulator/signal/chain.ts';
import { deriveBytes } from '#simulator/signal/key-derivation.ts';
import {
  generateKeyPair,
  type KeyPair,
  keyPairOf,
  sharedSecret,
  withoutTypeByte,
  withTypeByte,
} from '#simulator/signal/keys.ts';
import { SignalError } from '#simulator/signal/signal-error.ts';
import { sign, verify } from '#simulator/signal/xeddsa.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('X25519', () => {
  it.each([
    [
      'RFC 7748, 5.2, the first vector',
      'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
      'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    ],
    [
      'RFC 7748, 6.1, Alice and Bob',
      '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
      'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
      '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
    ],
    [
      "libsignal's Curve25519Test",
      'c806439dc9d2c476ffed8f2580c0888d58ab406bf7ae3698879021b96bb4bf59',
      '05653614993d2b15ee9e5fd3d86ce719ef4ec1daae1886a87b3f5fa9565a27a22f',
      '325f239328941ced6e673b86ba41017448e99b649a9c3806c1dd7ca4c477e629',
    ],
  ])('gives the secret of %s', (_name, privateKey, publicKey, secret) => {
    expect(sharedSecret(hex(privateKey), hex(publicKey)).toString('hex')).toBe(secret);
  });

  it('derives the public key of RFC 7748, 6.1', () => {
    const pair = keyPairOf(hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
    expect(pair.public.toString('hex')).toBe(
      '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    );
  });

  it('draws a new pair each time, and a given one from given bytes', () => {
    const [one, other] = [generateKeyPair(), generateKeyPair()];
    expect(one.private.equals(other.private)).toBe(false);
    expect(keyPairOf(one.private)).toEqual(one);
    expect(generateKeyPair(() => one.private)).toEqual(one);
  });

  it('refuses keys of small order and of a wrong length', () => {
    const { private: privateKey, public: publicKey } = generateKeyPair();
    for (const wrong of [
      Buffer.alloc(32),
      Buffer.alloc(31),
      withTypeByte(publicKey).fill(6, 0, 1),
    ]) {
      expect(() => sharedSecret(privateKey, wrong)).toThrow(SignalError);
    }
    expect(() => sharedSecret(Buffer.alloc(5), publicKey)).toThrow(SignalError);
  });

  it('puts the type byte on once and takes it off', () => {
    const { public: publicKey } = generateKeyPair();
    const typed = withTypeByte(publicKey);
    expect(typed.toString('hex')).toBe(`05${publicKey.toString('hex')}`);
    expect(withTypeByte(typed).equals(typed)).toBe(true);
    expect(withoutTypeByte(typed).equals(publicKey)).toBe(true);
  });
});

describe('HKDF', () => {
  it('gives the bytes of RFC 5869, test case 3', () => {
    expect(deriveBytes(Buffer.alloc(22, 0x0b), '', { length: 42 }).toString('hex')).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    );
  });
});

describe('XEdDSA', () => {
  // From libsignal's Curve25519Test.
  const publicKey = hex('05ab7e717d4a163b7d9a1d8071dfe9dcf8cdcd1cea3339b6356be84d887e322c64');
  const message = hex('05edce9d9c415ca78cb7252e72c2c4a554d3eb29485a0e1d503118d1a82d99fb4a');
  const signature = hex(
    '5de88ca9a89b4a115da79109c67c9c7464a3e4180274f1cb8c63c2984e286dfbede82deb9dcd9fae0bfbb821569b3d9001bd8130cd11d486cef047bd60b86e88',
  );

  it("takes the signature of libsignal's vector, and none with a changed byte", () => {
    expect(verify(publicKey, message, signature)).toBe(true);
    for (let at = 0; at < signature.length; at += 1) {
      const changed = Buffer.from(signature);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(verify(publicKey, message, changed)).toBe(false);
    }
  });

  it('makes and takes the signatures that libsignal takes and makes', () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const pair = generateKeyPair();
      const text = Buffer.from(`message ${turn}`);
      const other = generateKeyPair();
      expect(verifySignature(withTypeByte(pair.public), text, sign(pair.private, text))).toBe(true);
      const theirs = calculateSignature(pair.private, text);
      expect(verify(pair.public, text, theirs)).toBe(true);
      expect(verify(other.public, text, theirs)).toBe(false);
      expect(verify(pair.public, Buffer.from('another'), theirs)).toBe(false);
    }
  });

  it('says no to any other bytes', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(bytes(32), bytes(64), (key, anySignature) => {
        expect(verify(key, message, anySignature)).toBe(false);
      }),
    );
  });

  it('says no to what can be no signature or no key', () => {
    const pair = generateKeyPair();
    const text = Buffer.from('text');
    expect(verify(pair.public, text, Buffer.alloc(63))).toBe(false);
    expect(verify(pair.public, text, Buffer.alloc(64))).toBe(false);
    expect(verify(Buffer.alloc(32, 0xff), text, sign(pair.private, text))).toBe(false);
  });
});

describe('X3DH', () => {
  // From libsignal's RatchetingSession tests (rust/protocol/tests/ratchet.rs); the public base key
  // there belongs to another private one, so that Alice and Bob do not meet.
  const pairOf = (privateKey: string): KeyPair => keyPairOf(hex(privateKey));

  it("gives the chain of libsignal's test as Bob", () => {
    const { chainKey } = agreeAsResponder({
      identity: pairOf('4875cc69ddf8ea0719ec947d61081135868d5fd801f02c0225e516df2156605e'),
      signedPreKey: pairOf('583900131fb727998b7803fe6ac22cc591f342e4e42a8c8d5d78194209b8d253'),
      remoteIdentity: hex('05b4a8455660ada65b401007f615e654041746432e3339c6875149bceefcb42b4a'),
      remoteBaseKey: hex('05472d1fb1a9862c3af6beaca8920277e2b26f4a79213ec7c906aeb35e03cf8950'),
    });
    expect(chainKey.toString('hex')).toBe(
      '9797caca53c989bbe229a40ca7727010eb2604fc14945d77958a0aeda088b44d',
    );
  });

  it("gives the chain of libsignal's test as Alice", () => {
    const { chainKey } = agreeAsInitiator({
      identity: pairOf('9040f0d4e09cf38f6dc7c13779c908c015a1da4fa78737a080eb0a6f4f5f8f58'),
      baseKey: pairOf('11ae7c64d1e61cd596b76a0db5012673391cae66edbfcf073b4da80516a47449'),
      remoteIdentity: hex('05f1f43874f6966956c2dd473f8fa15adeb71d1cb991b2341692324cefb1c5e626'),
      remoteSignedPreKey: hex('05ac248a8f263be6863576eb0362e28c828f0107a3379d34bab1586bf8c770cd67'),
    });
    expect(chainKey.toString('hex')).toBe(
      'ab9be50e5cb22a925446ab90ee5670545f4fd32902459ec274b6ad0ae5d6031a',
    );
  });

  it.each([true, false])('agrees on both sides, with a one-time key: %s', (hasPreKey) => {
    const [alice, base, bob, signed] = Array.from({ length: 4 }, () => generateKeyPair());
    if (!alice || !base || !bob || !signed) throw new Error('Four pairs were drawn.');
    const preKey = hasPreKey ? generateKeyPair() : undefined;
    const first = agreeAsInitiator({
      identity: alice,
      baseKey: base,
      remoteIdentity: bob.public,
      remoteSignedPreKey: signed.public,
      remotePreKey: preKey?.public,
    });
    const second = agreeAsResponder({
      identity: bob,
      signedPreKey: signed,
      preKey,
      remoteIdentity: alice.public,
      remoteBaseKey: base.public,
    });
    expect(first).toEqual(second);
  });
});

describe('the chain', () => {
  it("gives the keys of libsignal's test_chain_key_derivation", () => {
    const { messageSecret, chainKey } = stepChain(
      hex('8ab72d6f4cc5ac0d387eaf463378ddb28edd07385b1cb01250c715982e7ad48f'),
    );
    const { cipherKey, macKey, iv } = messageKeysOf(messageSecret);
    expect(cipherKey.toString('hex')).toBe(
      'bf51e9d75e0e31031051f82a2491ffc084fa298b7793bd9db620056febf45217',
    );
    expect(macKey.toString('hex')).toBe(
      'c6c77d6a73a354337a56435e34607dfe48e3ace14e77314dc6abc172e7a7030b',
    );
    expect(iv).toHaveLength(16);
    expect(chainKey.toString('hex')).toBe(
      '28e8f8fee54b801eef7c5cfb2f17f32c7b334485bbb70fac6ec10342a246d15d',
    );
  });
});
