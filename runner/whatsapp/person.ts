import type { Person } from '../inbound/inbound-message.ts';
import { fromJid } from './jid.ts';

/** The number behind a LID, when it is known. */
export type PhoneOfLid = (lid: string) => string | undefined;

/** Whom these addresses name, all of one person. */
export function personOf(jids: readonly (string | null | undefined)[]): Person {
  const addresses = jids.map((jid) => fromJid(jid));
  const phone = addresses.find((address) => address?.kind === 'phone');
  const lid = addresses.find((address) => address?.kind === 'lid');
  return {
    ...(phone?.kind === 'phone' && { phone: phone.phone }),
    ...(lid?.kind === 'lid' && { lid: lid.lid }),
  };
}

/** With the number that was learnt before, if there is none. */
export function withPhone(person: Person, phoneOfLid: PhoneOfLid): Person {
  if (person.phone !== undefined || person.lid === undefined) return person;
  const phone = phoneOfLid(person.lid);
  return phone === undefined ? person : { ...person, phone };
}

/** By either of their addresses. */
export function isSamePerson(a: Person, b: Person): boolean {
  const isSamePhone = a.phone !== undefined && a.phone === b.phone;
  return isSamePhone || (a.lid !== undefined && a.lid === b.lid);
}

/** A person's addresses, without a device. */
export function jidsOf({ phone, lid }: Person): string[] {
  return [
    ...(phone === undefined ? [] : [`${phone}@s.whatsapp.net`]),
    ...(lid === undefined ? [] : [`${lid}@lid`]),
  ];
}
