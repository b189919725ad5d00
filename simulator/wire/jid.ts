/** A WhatsApp address: user, device (0 is the phone itself) and server. */
export type Jid = {
  readonly user: string;
  readonly device: number;
  readonly server: 's.whatsapp.net' | 'lid' | 'g.us' | 'broadcast' | 'newsletter' | (string & {});
};

/** Devices travel in one byte (AD-JID), see Baileys WABinary/encode.js. */
const DEVICE_MAX = 255;

/** user, an optional agent that we ignore ("_1"), an optional device (":2"), and the server. */
const JID_PATTERN = /^([^@:_]*)(?:_\d{1,3})?(?::(\d{1,3}))?@([a-z0-9.]+)$/;

/** Reads `user[:device]@server`; undefined when the text is no address. The user may be empty. */
export function parseJid(text: string): Jid | undefined {
  const match = JID_PATTERN.exec(text);
  if (!match) return undefined;
  const [, user = '', deviceText = '0', server = ''] = match;
  const device = Number(deviceText);
  return device <= DEVICE_MAX ? { user, device, server } : undefined;
}

/** Writes an address; device 0 is left out. */
export function formatJid(jid: { user: string; device?: number; server: string }): string {
  const device = jid.device ? `:${jid.device}` : '';
  return `${jid.user}${device}@${jid.server}`;
}
