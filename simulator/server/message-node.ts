import { type Addressing, type DeviceAddress, directChat, jidOf } from '#simulator/addresses.ts';
import type { BroadcastJid } from '#simulator/phones/directory.ts';
import type { GroupRecord } from '#simulator/store/group-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

import { unixTime } from './stanzas.ts';

/** Where a message belongs: a direct chat, seen from its sender, a group, or all who get a status or are on a list. */
export type ChatRoute =
  | { readonly kind: 'direct'; readonly partner: PhoneRecord; readonly addressing: Addressing }
  | { readonly kind: 'group'; readonly group: GroupRecord }
  | {
      readonly kind: 'broadcast';
      /** `status@broadcast`, or a list's id. */
      readonly id: BroadcastJid;
      readonly to: readonly string[];
      readonly addressing: Addressing;
    };

/** The chat of a route as people write it. */
export function chatOf(route: ChatRoute): string {
  switch (route.kind) {
    case 'direct':
      return directChat(route.partner.number);
    case 'group':
      return route.group.id;
    case 'broadcast':
      return route.id;
  }
}

export function addressingOf(route: ChatRoute): Addressing {
  return route.kind === 'group' ? route.group.addressing : route.addressing;
}

/** What is the same in a message's stanza for each of its devices. */
export type Envelope = {
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  readonly sender: { readonly phone: PhoneRecord; readonly device: number };
  readonly route: ChatRoute;
  readonly category?: string | undefined;
  /** Says that the message edits or revokes another one. */
  readonly edit?: string | undefined;
  /** Nodes beside the encrypted ones that recipients are to see as well. */
  readonly beside?: readonly BinaryNode[] | undefined;
};

/** A message's stanza for one device: who sent it is named by phone number and by LID. */
export function messageNode(
  envelope: Envelope,
  to: DeviceAddress,
  content: readonly BinaryNode[],
): BinaryNode {
  const { id, type, at, sender, category, edit, beside = [] } = envelope;
  return {
    tag: 'message',
    attrs: {
      ...addressAttributes(envelope, to),
      id,
      type,
      t: unixTime(at),
      notify: sender.phone.name,
      ...(category === undefined ? {} : { category }),
      ...(edit === undefined ? {} : { edit }),
    },
    content: [...content, ...beside],
  };
}

/** The attributes that Baileys reads in Utils/decode-wa-message.js extractAddressingContext. */
function addressAttributes(
  { sender, route, category }: Envelope,
  to: DeviceAddress,
): Record<string, string> {
  const { phone, device } = sender;
  const addressing = addressingOf(route);
  const other: Addressing = addressing === 'pn' ? 'lid' : 'pn';
  const me = jidOf(phone, addressing, device);
  if (route.kind !== 'direct') {
    return {
      from: chatOf(route),
      participant: me,
      addressing_mode: addressing,
      [`participant_${other}`]: jidOf(phone, other),
    };
  }
  const isOwnCopy = to.number === phone.number;
  if (!isOwnCopy) return { from: me, [`sender_${other}`]: jidOf(phone, other) };
  // What the phone tells its devices belongs to no chat (Baileys decodeMessageNode).
  if (category === 'peer') return { from: me };
  return {
    from: me,
    recipient: jidOf(route.partner, addressing),
    [`peer_recipient_${other}`]: jidOf(route.partner, other),
  };
}
