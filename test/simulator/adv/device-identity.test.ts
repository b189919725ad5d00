import { randomBytes } from 'node:crypto';
import { configureSuccessfulPairing } from '@whiskeysockets/baileys';
import { verifySignature } from 'libsignal/src/curve.js';
import { describe, expect, it } from 'vitest';

import {
  issueDeviceIdentity,
  verifyCountersignedIdentity,
} from '#simulator/adv/device-identity.ts';
import { ADVSignedDeviceIdentity, ADVSignedDeviceIdentityHMAC } from '#simulator/proto/messages.ts';
import { generateKeyPair, withTypeByte } from '#simulator/signal/keys.ts';
import { bytesOf, childOf } from '#simulator/wire/binary-node.ts';
import { decodeNode } from '#simulator/wire/decode-node.ts';
import { encodeNode } from '#simulator/wire/encode-node.ts';

const advSecret = randomBytes(32);
const phoneIdentity = generateKeyPair();
const companion = generateKeyPair();

function issue() {
  return issueDeviceIdentity({
    phoneIdentity,
    companionIdentity: companion.public,
    advSecret,
    keyIndex: 3,
    timestampS: 1_700_000_000,
    rawId: 4_000_000_000,
  });
}

/** Baileys as the companion: reads pair-success and answers with its signature. */
function pairWithBaileys(signedHmac: Buffer, secret: Buffer = advSecret) {
  const stanza = {
    tag: 'iq',
    attrs: { id: '7' },
    content: [
      {
        tag: 'pair-success',
        attrs: {},
        content: [
          { tag: 'device-identity', attrs: {}, content: signedHmac },
          { tag: 'device', attrs: { jid: '4915112345678:3@s.whatsapp.net', lid: '77:3@lid' } },
          { tag: 'platform', attrs: { name: 'android' } },
        ],
      },
    ],
  };
  return configureSuccessfulPairing(stanza, {
    advSecretKey: secret.toString('base64'),
    signedIdentityKey: companion,
    signalIdentities: [],
  });
}

/** The content of the device-identity node in Baileys' answer, over the wire. */
function answerOf(reply: Parameters<typeof encodeNode>[0]): { keyIndex: string; signed: Buffer } {
  const sign = childOf(decodeNode(encodeNode(reply)), 'pair-device-sign');
  const identity = sign && childOf(sign, 'device-identity');
  return { keyIndex: identity?.attrs['key-index'] ?? '', signed: bytesOf(identity) };
}

describe('the device identity', () => {
  it('is taken by Baileys, whose answer is good', () => {
    const { signedHmac, details } = issue();
    const { reply, creds } = pairWithBaileys(signedHmac);
    const { keyIndex, signed } = answerOf(reply);
    expect(creds.me).toMatchObject({ id: '4915112345678:3@s.whatsapp.net', lid: '77:3@lid' });
    expect(keyIndex).toBe('3');
    const good = {
      signedIdentity: signed,
      details,
      phoneIdentityPublic: phoneIdentity.public,
      companionIdentity: companion.public,
    };
    expect(verifyCountersignedIdentity(good)).toBe(true);
    const another = generateKeyPair().public;
    expect(verifyCountersignedIdentity({ ...good, companionIdentity: another })).toBe(false);
    expect(verifyCountersignedIdentity({ ...good, phoneIdentityPublic: another })).toBe(false);
    expect(verifyCountersignedIdentity({ ...good, details: Buffer.of(1) })).toBe(false);
  });

  it('is refused by Baileys under another secret', () => {
    expect(() => pairWithBaileys(issue().signedHmac, randomBytes(32))).toThrow(
      'Invalid account signature',
    );
  });

  // Baileys' own check takes any signature, so libsignal's curve is asked.
  it("carries the phone's signature over the companion's identity", () => {
    const { details: signed } = ADVSignedDeviceIdentityHMAC.decode(issue().signedHmac);
    const { details, accountSignature, accountSignatureKey } = ADVSignedDeviceIdentity.decode(
      signed ?? Buffer.alloc(0),
    );
    const message = Buffer.concat([Buffer.of(6, 0), details ?? Buffer.alloc(0), companion.public]);
    expect(phoneIdentity.public.equals(accountSignatureKey ?? Buffer.alloc(0))).toBe(true);
    const signature = accountSignature ?? Buffer.alloc(64);
    expect(verifySignature(withTypeByte(phoneIdentity.public), message, signature)).toBe(true);
  });

  it('is not countersigned when there is no signature of the companion', () => {
    const { signedHmac, details } = issue();
    const { details: signed } = ADVSignedDeviceIdentityHMAC.decode(signedHmac);
    const input = {
      signedIdentity: signed ?? Buffer.alloc(0),
      details,
      phoneIdentityPublic: phoneIdentity.public,
      companionIdentity: companion.public,
    };
    expect(verifyCountersignedIdentity(input)).toBe(false);
  });
});
