import { CertChain, NoiseCertificateDetails } from '#simulator/proto/handshake.ts';
import { generateKeyPair, type KeyPair } from '#simulator/signal/keys.ts';
import { sign } from '#simulator/signal/xeddsa.ts';

/** The serial which clients expect of the root (Baileys Defaults: WA_CERT_DETAILS.SERIAL). */
const ROOT_SERIAL = 0;
const INTERMEDIATE_SERIAL = 1;
const LEAF_SERIAL = 2;

/** Certifies the server's static key by a fresh intermediate, which `root` certifies. */
export function issueCertChain(root: KeyPair, serverStaticPublic: Uint8Array): Buffer {
  const intermediateKey = generateKeyPair();
  const intermediate = NoiseCertificateDetails.encode({
    serial: INTERMEDIATE_SERIAL,
    issuerSerial: ROOT_SERIAL,
    key: intermediateKey.public,
  });
  const leaf = NoiseCertificateDetails.encode({
    serial: LEAF_SERIAL,
    issuerSerial: INTERMEDIATE_SERIAL,
    key: serverStaticPublic,
  });
  return CertChain.encode({
    intermediate: { details: intermediate, signature: sign(root.private, intermediate) },
    leaf: { details: leaf, signature: sign(intermediateKey.private, leaf) },
  });
}
