import { directChat, jidOf } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import type { ChatRoute } from '#simulator/server/message-node.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

import type { PresenceState } from './presence-book.ts';

type Needs = Pick<Network, 'store' | 'live' | 'presences' | 'now'>;

export type TypingState = Extract<PresenceState, 'composing' | 'recording' | 'paused'>;

/**
 * What the others in the chat see a phone do: the phones that are online, and of the linked devices those that have
 * said that they are `available`. To the others WhatsApp does not tell it.
 */
export function showTyping(
  phone: PhoneRecord,
  { route, state }: { route: Extract<ChatRoute, { kind: 'direct' | 'group' }>; state: TypingState },
  { store, live, presences, now }: Needs,
): void {
  const isGroup = route.kind === 'group';
  const others = isGroup ? store.groups.members(route.group.id) : [route.partner.number];
  const chat = isGroup ? route.group.id : directChat(phone.number);
  const me = jidOf(phone, isGroup ? route.group.addressing : route.addressing);
  const node: BinaryNode = {
    tag: 'chatstate',
    attrs: isGroup ? { from: route.group.id, participant: me } : { from: me },
    content: [stateNode(state)],
  };
  for (const number of others.filter((other) => other !== phone.number)) {
    if (store.phones.find(number)?.online) {
      presences.note(number, { from: phone.number, chat, state, at: now() });
    }
    for (const device of live.of(number)) if (device.isAvailable) device.send(node);
  }
}

function stateNode(state: TypingState): BinaryNode {
  if (state === 'paused') return { tag: 'paused', attrs: {} };
  return { tag: 'composing', attrs: state === 'recording' ? { media: 'audio' } : {} };
}
