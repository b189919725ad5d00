/** The servers whose device addresses travel as one domain byte (Baileys WABinary/jid-utils.js). */
const DOMAINS: readonly (readonly [byte: number, server: string])[] = [
  [0, 's.whatsapp.net'],
  [1, 'lid'],
  [128, 'hosted'],
  [129, 'hosted.lid'],
];

export function domainByteOf(server: string): number | undefined {
  return DOMAINS.find(([, name]) => name === server)?.[0];
}

/** A domain byte that we do not know is an old agent number of the main server. */
export function serverOfDomain(byte: number): string {
  return DOMAINS.find(([known]) => known === byte)?.[1] ?? 's.whatsapp.net';
}
