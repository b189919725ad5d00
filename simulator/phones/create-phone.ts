import type { Network } from '#simulator/network.ts';
import { generateKeyPair, withTypeByte } from '#simulator/signal/keys.ts';
import { sign } from '#simulator/signal/xeddsa.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';

const LID_DIGITS = 15;
/** Registration ids have 14 bits; 0 is not used (Signal protocol). */
const REGISTRATION_ID_MAX = 0x3fff;
const SIGNED_PRE_KEY_ID = 1;

/** What a person decides about a phone. */
export type NewPhone = {
  readonly number: string;
  readonly name?: string | undefined;
  readonly autoRead?: boolean | undefined;
};

/** The phone of this number, new or old; an old one only takes over the name and autoRead. */
export function createPhone(
  { number, name, autoRead }: NewPhone,
  { store, random }: Pick<Network, 'store' | 'random'>,
): { readonly phone: PhoneRecord; readonly created: boolean } {
  return store.db.transaction(() => {
    const known = store.phones.find(number);
    if (known) {
      const phone = { ...known, name: name ?? known.name, autoRead: autoRead ?? known.autoRead };
      store.phones.updateSettings(phone);
      return { phone, created: false };
    }
    const identity = generateKeyPair();
    const pair = generateKeyPair();
    const phone: PhoneRecord = {
      number,
      lid: freeLid(number, { store, random }),
      name: name ?? `Phone ${number}`,
      online: true,
      autoRead: autoRead ?? false,
      identity,
      registrationId: (random(2).readUInt16BE() % REGISTRATION_ID_MAX) + 1,
      signedPreKey: {
        id: SIGNED_PRE_KEY_ID,
        pair,
        signature: sign(identity.private, withTypeByte(pair.public)),
      },
    };
    store.phones.insert(phone);
    return { phone, created: true };
  });
}

/** 15 digits that say nothing of the number, and that no other account has. */
function freeLid(number: string, { store, random }: Pick<Network, 'store' | 'random'>): string {
  const smallest = 10n ** BigInt(LID_DIGITS - 1);
  for (;;) {
    const lid = String(smallest + (random(8).readBigUInt64BE() % (9n * smallest)));
    const isTaken = lid === number || store.phones.find(lid) || store.phones.findByLid(lid);
    if (!isTaken) return lid;
  }
}
