import { issueTlsIdentity, type TlsIdentity } from '#simulator/media/certificate.ts';
import type { ServerKeys } from '#simulator/network.ts';
import { issueCertChain } from '#simulator/noise/certificates.ts';
import { generateKeyPair, type KeyPair, keyPairOf } from '#simulator/signal/keys.ts';
import type { Store } from '#simulator/store/store.ts';

const MEDIA_AUTH_BYTES = 24;
/** The names by which clients reach the media server. */
const TLS_NAMES = ['localhost', '127.0.0.1'];

/** Everything secret of the server; made once, then the same at every start. */
export type ServerIdentity = {
  readonly keys: ServerKeys;
  /** The public key of our certificate root, which clients must trust instead of WhatsApp's. */
  readonly noiseRoot: Buffer;
  readonly tls: TlsIdentity;
  readonly mediaAuth: string;
};

export async function loadServerIdentity(
  { settings, db }: Pick<Store, 'settings' | 'db'>,
  { now, random }: { now: () => Date; random: (bytes: number) => Buffer },
): Promise<ServerIdentity> {
  const tls = await loadTlsIdentity({ settings, db }, now());
  return db.transaction(() => {
    const keyPair = (name: string): KeyPair =>
      keyPairOf(settings.findOrMake(name, () => generateKeyPair().private));
    const root = keyPair('noise-root');
    const noiseStatic = keyPair('noise-static');
    const certChain = settings.findOrMake('noise-cert-chain', () =>
      issueCertChain(root, noiseStatic.public),
    );
    const auth = settings.findOrMake('media-auth', () =>
      Buffer.from(random(MEDIA_AUTH_BYTES).toString('base64url')),
    );
    return {
      keys: { noiseStatic, certChain },
      noiseRoot: root.public,
      tls,
      mediaAuth: auth.toString('utf8'),
    };
  });
}

async function loadTlsIdentity(
  { settings, db }: Pick<Store, 'settings' | 'db'>,
  now: Date,
): Promise<TlsIdentity> {
  const key = settings.find('tls-key')?.toString('utf8');
  const certificate = settings.find('tls-certificate')?.toString('utf8');
  if (key !== undefined && certificate !== undefined) return { key, certificate };
  const issued = await issueTlsIdentity(TLS_NAMES, now);
  db.transaction(() => {
    settings.put('tls-key', Buffer.from(issued.key));
    settings.put('tls-certificate', Buffer.from(issued.certificate));
  });
  return issued;
}
