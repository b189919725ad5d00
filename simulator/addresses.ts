import { formatJid } from '#simulator/wire/jid.ts';

/** One device: the account's number, and 0 for the phone or the id of a companion. */
export type DeviceAddress = { readonly number: string; readonly device: number };

/** By phone number jid or by LID jid: a chat keeps to one of them. */
export type Addressing = 'pn' | 'lid';

/** Where WhatsApp's own iqs come from. */
export const SERVER_JID = 's.whatsapp.net';

/** Both names of an account, as stanzas need them. */
export type AccountNames = { readonly number: string; readonly lid: string };

/** The account's jid, or one of its devices', in the wanted form. */
export function jidOf(account: AccountNames, addressing: Addressing, device = 0): string {
  return addressing === 'lid'
    ? formatJid({ user: account.lid, device, server: 'lid' })
    : formatJid({ user: account.number, device, server: SERVER_JID });
}

/** `15550000001:2`, for keys in memory and in the strictness tables. */
export function addressKey(address: DeviceAddress): string {
  return `${address.number}:${address.device}`;
}

/** How people write a direct chat. */
export function directChat(number: string): string {
  return `${number}@c.us`;
}

/** The account of a direct chat; undefined for a group. */
export function numberOfChat(chat: string): string | undefined {
  return chat.endsWith('@c.us') ? chat.slice(0, -'@c.us'.length) : undefined;
}
