import { jidOf } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { unixTime } from '#simulator/server/stanzas.ts';
import type { GroupRecord } from '#simulator/store/group-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

import { groupNode } from './group-node.ts';

type Needs = Pick<Network, 'store' | 'post' | 'now' | 'random'>;

const ID_BYTES = 4;

/** Something that happened in a group, and who did it. */
export type GroupNotice = {
  readonly group: GroupRecord;
  readonly by: PhoneRecord;
  readonly child: BinaryNode;
};

/** Tells the linked devices of these accounts, `<notification type="w:gp2">`. Phones know it by themselves. */
export function tellGroup(numbers: readonly string[], notice: GroupNotice, network: Needs): void {
  const { group, by, child } = notice;
  const other = group.addressing === 'lid' ? 'pn' : 'lid';
  const node: BinaryNode = {
    tag: 'notification',
    attrs: {
      id: String(network.random(ID_BYTES).readUInt32BE()),
      from: group.id,
      type: 'w:gp2',
      participant: jidOf(by, group.addressing),
      [`participant_${other}`]: jidOf(by, other),
      addressing_mode: group.addressing,
      notify: by.name,
      t: unixTime(network.now()),
    },
    content: [child],
  };
  for (const number of numbers) {
    for (const { device } of network.store.companions.list(number)) {
      network.post({ number, device }, node);
    }
  }
}

/** What those see who are in the group from now on: the whole of it. */
export function creationNode(group: GroupRecord, network: Pick<Network, 'store'>): BinaryNode {
  return { tag: 'create', attrs: {}, content: [groupNode(group, network)] };
}
