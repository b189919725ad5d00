import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findVersion, trustNetwork } from '#runner/whatsapp/network.ts';

const noiseRoot = Buffer.alloc(32, 5);

function keepRoot(): Buffer {
  const before = WA_CERT_DETAILS.PUBLIC_KEY;
  onTestFinished(() => {
    WA_CERT_DETAILS.PUBLIC_KEY = before;
  });
  return before;
}

describe('trustNetwork', () => {
  it("leaves WhatsApp's own root alone for WhatsApp", () => {
    const before = keepRoot();
    trustNetwork({ kind: 'whatsapp' });
    expect(WA_CERT_DETAILS.PUBLIC_KEY).toBe(before);
  });

  it('trusts the root of a simulated network', () => {
    keepRoot();
    trustNetwork({ kind: 'simulated', url: 'ws://127.0.0.1:3002/ws/chat', noiseRoot });
    expect(WA_CERT_DETAILS.PUBLIC_KEY).toEqual(noiseRoot);
  });

  it.each(['wss://web.whatsapp.com/ws/chat', 'wss://whatsapp.net/', 'wss://g.whatsapp.net/'])(
    'never uses a root of our own with %s',
    (url) => {
      const before = keepRoot();
      expect(() => trustNetwork({ kind: 'simulated', url, noiseRoot })).toThrow(/never/);
      expect(WA_CERT_DETAILS.PUBLIC_KEY).toBe(before);
    },
  );
});

describe('findVersion', () => {
  it('leaves the version to Baileys on a simulated network', async () => {
    const network = { kind: 'simulated', url: 'ws://127.0.0.1:3002/', noiseRoot } as const;
    expect(await findVersion(network)).toBeUndefined();
  });
});
