import { fetchLatestWaWebVersion, WA_CERT_DETAILS, type WAVersion } from '@whiskeysockets/baileys';

/** Which network the sockets speak to: WhatsApp itself, or a simulated one with its own certificate root. */
export type Network =
  | { readonly kind: 'whatsapp' }
  | { readonly kind: 'simulated'; readonly url: string; readonly noiseRoot: Uint8Array };

const WHATSAPP_HOST = /(^|\.)whatsapp\.(com|net)$/;
const VERSION_TIMEOUT_MS = 5_000;

/**
 * Makes Baileys trust the simulated network's root instead of WhatsApp's. There is no option for it, but the
 * constant is exported and not frozen (Defaults/index.js, WA_CERT_DETAILS). Never for WhatsApp's own servers.
 */
export function trustNetwork(network: Network): void {
  if (network.kind === 'whatsapp') return;
  if (WHATSAPP_HOST.test(new URL(network.url).hostname)) {
    throw new Error('A certificate root of our own is never used with WhatsApp itself.');
  }
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(network.noiseRoot);
}

/** The version to log in as: a stale one is refused with 405. `undefined` leaves it to Baileys. */
export async function findVersion(network: Network): Promise<WAVersion | undefined> {
  if (network.kind === 'simulated') return undefined;
  const signal = AbortSignal.timeout(VERSION_TIMEOUT_MS);
  const { version, isLatest } = await fetchLatestWaWebVersion({ signal });
  return isLatest ? version : undefined;
}
