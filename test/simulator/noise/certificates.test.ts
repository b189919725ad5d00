import { verifySignature } from 'libsignal/src/curve.js';
import { describe, expect, it } from 'vitest';

import { issueCertChain } from '#simulator/noise/certificates.ts';
import { CertChain, NoiseCertificateDetails } from '#simulator/proto/handshake.ts';
import { generateKeyPair, withTypeByte } from '#simulator/signal/keys.ts';

const NONE = Buffer.alloc(0);

describe('the certificate chain', () => {
  const root = generateKeyPair();
  const server = generateKeyPair();
  const { intermediate, leaf } = CertChain.decode(issueCertChain(root, server.public));
  const issued = NoiseCertificateDetails.decode(intermediate?.details ?? NONE);
  const details = NoiseCertificateDetails.decode(leaf?.details ?? NONE);

  // Baileys' own check takes any signature, so libsignal's curve is asked.
  it('leads from the root over the intermediate to the server key', () => {
    expect(
      verifySignature(
        withTypeByte(root.public),
        intermediate?.details ?? NONE,
        intermediate?.signature ?? NONE,
      ),
    ).toBe(true);
    expect(
      verifySignature(
        withTypeByte(issued.key ?? NONE),
        leaf?.details ?? NONE,
        leaf?.signature ?? NONE,
      ),
    ).toBe(true);
    expect(server.public.equals(details.key ?? NONE)).toBe(true);
  });

  it('has the serial numbers which clients expect', () => {
    expect(issued).toMatchObject({ serial: 1, issuerSerial: 0 });
    expect(details).toMatchObject({ serial: 2, issuerSerial: 1 });
  });
});
