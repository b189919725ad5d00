import { directChat } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { isGroupJid, resolveJid } from '#simulator/phones/directory.ts';
import type { PresenceState } from '#simulator/phones/presence-book.ts';
import { type BinaryNode, childrenOf } from '#simulator/wire/binary-node.ts';

import type { CompanionSession } from './companion-session.ts';

type Needs = Pick<Network, 'store' | 'presences' | 'now'>;

/** `<presence type>`: a linked device comes or goes. Whoever has a chat with it is told. */
export function handlePresence(
  session: CompanionSession,
  { attrs }: BinaryNode,
  network: Needs,
): void {
  // Without a type it is `available`; the other types ask for the presence of others.
  const { type = 'available' } = attrs;
  if (type !== 'available' && type !== 'unavailable') return;
  session.notePresence(type === 'available');
  const { address } = session;
  const told = network.store.messages.accountsWithChat(directChat(address.number));
  tell(told, { from: address.number, state: type }, network);
}

/** `<chatstate to><composing/></chatstate>`: it writes or records, or stopped to. */
export function handleChatState(
  { address }: CompanionSession,
  node: BinaryNode,
  network: Needs,
): void {
  const state = stateOf(childrenOf(node)[0]);
  const { to } = node.attrs;
  if (!state) return;
  if (isGroupJid(to)) {
    const members = network.store.groups.members(to);
    if (!members.includes(address.number)) return;
    tell(members, { from: address.number, chat: to, state }, network);
    return;
  }
  const partner = resolveJid(to, network)?.phone;
  if (!partner) return;
  const chat = directChat(address.number);
  tell([partner.number], { from: address.number, chat, state }, network);
}

/** The phones that are online learn it; for the others it is too late. */
function tell(
  numbers: readonly string[],
  presence: { readonly from: string; readonly chat?: string; readonly state: PresenceState },
  { store, presences, now }: Needs,
): void {
  for (const number of numbers) {
    const isTold = number !== presence.from && store.phones.find(number)?.online;
    if (isTold) presences.note(number, { ...presence, at: now() });
  }
}

function stateOf(node: BinaryNode | undefined): PresenceState | undefined {
  if (node?.tag === 'paused') return 'paused';
  if (node?.tag !== 'composing') return undefined;
  return node.attrs['media'] === 'audio' ? 'recording' : 'composing';
}
