import { randomBytes } from 'node:crypto';
import { Curve, generateSignalPubKey } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import * as libsignal from 'libsignal/src/curve.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  findSignatureCheck,
  useNativeSignatures,
  verifySignature,
} from '#runner/whatsapp/native-signatures.ts';

const check = findSignatureCheck();
const verifyInJavaScript = check.verify;

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

type Signed = Readonly<Record<'publicKey' | 'message' | 'signature', Buffer>>;

function aSignature(): Signed {
  const { public: publicKey, private: privateKey } = Curve.generateKeyPair();
  const message = randomBytes(70);
  const signature = Buffer.from(Curve.sign(Buffer.from(privateKey), message));
  return { publicKey: Buffer.from(publicKey), message, signature };
}

const isRight = ({ publicKey, message, signature }: Signed) =>
  verifySignature(publicKey, message, signature);

function flipped(buffer: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(buffer);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
}

describe('verifySignature', () => {
  it('takes what libsignal has signed, and finds every flipped bit', () => {
    const signed = aSignature();
    expect(isRight(signed)).toBe(true);
    const { publicKey, message, signature } = signed;
    // The top bit of a key means nothing (RFC 7748, section 5).
    for (let bit = 0; bit < 32 * 8 - 1; bit += 1) {
      expect(isRight({ ...signed, publicKey: flipped(publicKey, bit) })).toBe(false);
    }
    for (let bit = 0; bit < 64 * 8; bit += 1) {
      expect(isRight({ ...signed, signature: flipped(signature, bit) })).toBe(false);
      expect(isRight({ ...signed, message: flipped(message, bit) })).toBe(false);
    }
    expect(isRight({ ...signed, publicKey: flipped(publicKey, 32 * 8 - 1) })).toBe(true);
  });

  it('says of every key and signature what libsignal says', () => {
    fc.assert(
      fc.property(bytes(32), bytes(64), fc.boolean(), (key, noise, isSigned) => {
        const { publicKey, message, signature } = aSignature();
        const [by, how] = isSigned ? [publicKey, signature] : [Buffer.from(key), noise];
        expect(verifySignature(by, message, how)).toBe(verifyInJavaScript(by, message, how));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a key that is no point, as libsignal does, and other lengths', () => {
    const { message, signature } = aSignature();
    const minusOne = Buffer.from(`ec${'ff'.repeat(30)}7f`, 'hex');
    expect(verifyInJavaScript(minusOne, message, signature)).toBe(false);
    expect(verifySignature(minusOne, message, signature)).toBe(false);
    expect(() => verifySignature(Buffer.alloc(33), message, signature)).toThrow('key length');
    expect(() => verifySignature(minusOne, message, Buffer.alloc(63))).toThrow('signature length');
  });
});

it('is what libsignal asks, and so Baileys', () => {
  onTestFinished(() => {
    check.verify = verifyInJavaScript;
  });
  useNativeSignatures();
  const { publicKey, message, signature } = aSignature();
  const asked = vi.spyOn(check, 'verify');
  const key = Buffer.from(generateSignalPubKey(publicKey));
  expect(libsignal.verifySignature(key, message, signature)).toBe(true);
  expect(libsignal.verifySignature(key, flipped(message, 0), signature)).toBe(false);
  expect(asked).toHaveBeenCalledTimes(2);
  asked.mockRestore();
  expect(check.verify).toBe(verifySignature);
});
