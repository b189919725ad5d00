import { jidOf, SERVER_JID } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { resolveJid } from '#simulator/phones/directory.ts';
import { devicesOf } from '#simulator/phones/phone-receipts.ts';
import { unixTime } from '#simulator/server/stanzas.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import { type BinaryNode, bytesOf, childOf, childrenOf } from '#simulator/wire/binary-node.ts';

import { BAD_REQUEST, type IqHandler, resultOf } from './iq-answer.ts';

type Needs = Pick<Network, 'store' | 'now'>;

/** What is asked of one user; undefined phone: the user is not on WhatsApp. */
type Asked = { readonly jid: string; readonly phone: PhoneRecord | undefined };
type Protocol = (asked: Asked, network: Needs) => BinaryNode | undefined;

/** xmlns `usync`: which of these users there are, their devices and their LIDs. */
export const answerUsyncIq: IqHandler = (iq, _asker, network) => {
  const usync = childOf(iq, 'usync');
  const query = usync && childOf(usync, 'query');
  const list = usync && childOf(usync, 'list');
  if (!usync || !query || !list) return BAD_REQUEST;
  const protocols = childrenOf(query).map((protocol) => protocol.tag);
  const users = childrenOf(list, 'user').map((user) => answerUser(user, protocols, network));
  const { sid = '', mode = 'query', context = 'interactive' } = usync.attrs;
  return resultOf({
    tag: 'usync',
    attrs: { sid, mode, context, index: '0', last: 'true' },
    content: [
      { tag: 'result', attrs: {}, content: protocols.map((tag) => ({ tag, attrs: {} })) },
      { tag: 'list', attrs: {}, content: users },
    ],
  });
};

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  devices: ({ phone }, network) => devicesNode(phone, network),
  contact: ({ phone }) => ({ tag: 'contact', attrs: { type: phone ? 'in' : 'out' } }),
  status: () => ({ tag: 'status', attrs: {} }),
  disappearing_mode: () => ({ tag: 'disappearing_mode', attrs: { duration: '0', t: '0' } }),
  // Only a phone number is told its LID; who asked by LID knows it.
  lid: ({ phone, jid }) =>
    phone && !jid.endsWith('@lid')
      ? { tag: 'lid', attrs: { val: jidOf(phone, 'lid') } }
      : undefined,
};

function answerUser(user: BinaryNode, protocols: readonly string[], network: Needs): BinaryNode {
  const jid = user.attrs['jid'] ?? jidOfContact(user);
  const asked = { jid, phone: resolveJid(jid, network)?.phone };
  const content = protocols.flatMap((tag) => PROTOCOLS[tag]?.(asked, network) ?? []);
  return { tag: 'user', attrs: { jid }, content };
}

/** `<contact>+15550000002</contact>`: a number that the client does not know to be a jid. */
function jidOfContact(user: BinaryNode): string {
  const number = bytesOf(childOf(user, 'contact')).toString('utf8').replaceAll(/\D/g, '');
  return `${number}@${SERVER_JID}`;
}

/** Companions need a key index, else Baileys ignores them (Utils/signal.js extractDeviceJids). */
function devicesNode(phone: PhoneRecord | undefined, network: Needs): BinaryNode {
  const ids = phone ? devicesOf(phone.number, network) : [];
  const devices = ids.map((id) => ({
    tag: 'device',
    attrs: { id: String(id), ...(id === 0 ? {} : { 'key-index': String(id) }) },
  }));
  return {
    tag: 'devices',
    attrs: {},
    content: [
      { tag: 'device-list', attrs: {}, content: devices },
      { tag: 'key-index-list', attrs: { ts: unixTime(network.now()) } },
    ],
  };
}
