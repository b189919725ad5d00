import type { Addressing } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import type { GroupRecord } from '#simulator/store/group-records.ts';

import { creationNode, tellGroup } from './group-notices.ts';

/** WhatsApp's own limit. */
export const MEMBERS_MAX = 1_024;

const GROUP_ID_PREFIX = '120363';
const GROUP_ID_RANDOM_DIGITS = 12;

/** Makes a group, and tells its members; the first one is its creator. All members must be phones of the network. */
export function createGroup(
  group: {
    readonly subject: string;
    readonly members: readonly string[];
    readonly addressing: Addressing;
  },
  network: Pick<Network, 'store' | 'now' | 'random' | 'post'>,
): GroupRecord {
  const { store, now, random } = network;
  const members = [...new Set(group.members)];
  const [creator] = members;
  if (creator === undefined) throw new Error('A group needs a member.');
  const digits = random(8).readBigUInt64BE() % 10n ** BigInt(GROUP_ID_RANDOM_DIGITS);
  const record: GroupRecord = {
    id: `${GROUP_ID_PREFIX}${String(digits).padStart(GROUP_ID_RANDOM_DIGITS, '0')}@g.us`,
    subject: group.subject,
    creator,
    addressing: group.addressing,
    createdAt: now(),
  };
  store.db.transaction(() => {
    store.groups.insert(record, members);
    const by = store.phones.find(creator);
    if (by)
      tellGroup(members, { group: record, by, child: creationNode(record, network) }, network);
  });
  return record;
}
