import { randomBytes } from 'node:crypto';
import {
  aesDecryptCTR,
  aesEncryptCTR,
  aesEncryptGCM,
  Curve,
  derivePairingCodeKey,
  hkdf,
} from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';

import {
  openKeyBundle,
  PairingError,
  parsePairingCode,
  unwrapEphemeralKey,
  wrapEphemeralKey,
} from '#simulator/adv/pairing-code.ts';
import { generateKeyPair } from '#simulator/signal/keys.ts';

const CODE = 'ABCD1234';

/** The companion's side, with Baileys' functions in the order of its socket. */
class Companion {
  readonly identity = Curve.generateKeyPair();
  readonly #ephemeral = Curve.generateKeyPair();

  async hello(): Promise<Buffer> {
    const [salt, iv] = [randomBytes(32), randomBytes(16)];
    const key = await derivePairingCodeKey(CODE, salt);
    return Buffer.concat([salt, iv, aesEncryptCTR(this.#ephemeral.public, key, iv)]);
  }

  async finish(wrappedEphemeral: Buffer, phoneIdentity: Buffer) {
    const key = await derivePairingCodeKey(CODE, wrappedEphemeral.subarray(0, 32));
    const iv = wrappedEphemeral.subarray(32, 48);
    const phoneEphemeral = aesDecryptCTR(wrappedEphemeral.subarray(48, 80), key, iv);
    const shared = Curve.sharedKey(this.#ephemeral.private, phoneEphemeral);
    const [random, salt, gcmIv] = [randomBytes(32), randomBytes(32), randomBytes(12)];
    const info = 'link_code_pairing_key_bundle_encryption_key';
    const bundleKey = hkdf(shared, 32, { salt, info });
    const payload = Buffer.concat([this.identity.public, phoneIdentity, random]);
    const sealed = aesEncryptGCM(payload, bundleKey, gcmIv, Buffer.alloc(0));
    const identityShared = Curve.sharedKey(this.identity.private, phoneIdentity);
    const secret = Buffer.concat([shared, identityShared, random]);
    return {
      wrappedBundle: Buffer.concat([salt, gcmIv, sealed]),
      advSecret: Buffer.from(hkdf(secret, 32, { info: 'adv_secret' })),
    };
  }
}

async function aCeremony(typedCode: string) {
  const companion = new Companion();
  const phoneIdentity = generateKeyPair();
  const phoneEphemeral = generateKeyPair();
  const companionEphemeralPublic = await unwrapEphemeralKey(typedCode, await companion.hello());
  const wrapped = await wrapEphemeralKey(typedCode, phoneEphemeral.public);
  const finish = await companion.finish(wrapped, phoneIdentity.public);
  const keys = { phoneEphemeral, phoneIdentity, companionEphemeralPublic };
  return { companion, finish, keys };
}

describe('linking by code', () => {
  it('gives both sides the same secret, and the phone the identity of the companion', async () => {
    const { companion, finish, keys } = await aCeremony(CODE);
    const opened = openKeyBundle({ ...keys, wrappedBundle: finish.wrappedBundle });
    expect(opened.advSecret.equals(finish.advSecret)).toBe(true);
    expect(opened.companionIdentity.equals(companion.identity.public)).toBe(true);
  });

  it('fails when the person typed another code', async () => {
    const { finish, keys } = await aCeremony('ABCD1235');
    const open = () => openKeyBundle({ ...keys, wrappedBundle: finish.wrappedBundle });
    expect(open).toThrow(PairingError);
  });

  it('fails when the bundle is meant for another phone', async () => {
    const { finish, keys } = await aCeremony(CODE);
    const input = { ...keys, phoneIdentity: generateKeyPair() };
    const open = () => openKeyBundle({ ...input, wrappedBundle: finish.wrappedBundle });
    expect(open).toThrow(PairingError);
  });

  it('refuses keys and bundles of a wrong length', async () => {
    await expect(unwrapEphemeralKey(CODE, Buffer.alloc(79))).rejects.toThrow(PairingError);
    const { keys } = await aCeremony(CODE);
    const open = () => openKeyBundle({ ...keys, wrappedBundle: Buffer.alloc(155) });
    expect(open).toThrow(PairingError);
  });

  it.each([
    ['ABCD1234', 'ABCD1234'],
    ['abcd-1234', 'ABCD1234'],
    [' ABCD 1234 ', 'ABCD1234'],
    ['ABCD123', undefined],
    ['ABCD12345', undefined],
    ['ABCD_234', undefined],
  ])('reads the code %j as %s', (text, code) => {
    expect(parsePairingCode(text)).toBe(code);
  });
});
