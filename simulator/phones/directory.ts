import { type Addressing, type DeviceAddress, SERVER_JID } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import { parseJid } from '#simulator/wire/jid.ts';

/** Whom a jid names, and in which form it did. */
export type Resolved = {
  readonly phone: PhoneRecord;
  readonly address: DeviceAddress;
  readonly addressing: Addressing;
};

/** Finds the account and device of a phone number jid or LID jid; undefined when there is none. */
export function resolveJid(
  text: string | undefined,
  { store }: Pick<Network, 'store'>,
): Resolved | undefined {
  const jid = parseJid(text ?? '');
  if (!jid) return undefined;
  if (jid.server === 'lid') {
    return toResolved(store.phones.findByLid(jid.user), jid.device, 'lid');
  }
  const isNumber = jid.server === SERVER_JID || jid.server === 'c.us';
  return isNumber ? toResolved(store.phones.find(jid.user), jid.device, 'pn') : undefined;
}

export function isGroupJid(text: string | undefined): text is `${string}@g.us` {
  return text?.endsWith('@g.us') ?? false;
}

/** Where a phone posts its status. */
export const STATUS_JID = 'status@broadcast';

export type BroadcastJid = `${string}@broadcast`;

/** A status, or a list of recipients. */
export function isBroadcastJid(text: string | undefined): text is BroadcastJid {
  return text?.endsWith('@broadcast') ?? false;
}

function toResolved(
  phone: PhoneRecord | undefined,
  device: number,
  addressing: Addressing,
): Resolved | undefined {
  return phone && { phone, address: { number: phone.number, device }, addressing };
}
