// @peculiar/x509 finds its parts by decorators, which need this polyfill before it is loaded.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const COMMON_NAME = 'whatsapp-bots simulator';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const VALID_YEARS = 10;
const SERIAL_BYTES = 16;
/** A client's clock may be a little behind ours. */
const BACKDATE_MS = 24 * 60 * 60 * 1_000;

/** A key and its certificate, both as PEM. */
export type TlsIdentity = { readonly key: string; readonly certificate: string };

/**
 * A self-signed certificate (ECDSA P-256) for these host names and addresses. It is its own authority: who
 * trusts the file trusts the server.
 */
export async function issueTlsIdentity(names: readonly string[], now: Date): Promise<TlsIdentity> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const serialNumber = randomBytes(SERIAL_BYTES).toString('hex');
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + VALID_YEARS);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber,
      // RFC 5280 §4.1.2.4: who trusts two authorities must be able to tell them apart by name.
      name: `CN=${COMMON_NAME} ${serialNumber}`,
      notBefore: new Date(now.getTime() - BACKDATE_MS),
      notAfter,
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value })),
        ),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: PemConverter.encode(key, 'PRIVATE KEY'), certificate: certificate.toString('pem') };
}
