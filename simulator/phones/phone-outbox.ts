import { type DeviceAddress, jidOf, numberOfChat } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { Message, PROTOCOL_TYPE } from '#simulator/proto/messages.ts';
import { readRetryBundle } from '#simulator/server/key-nodes.ts';
import {
  addressingOf,
  type ChatRoute,
  chatOf,
  type Envelope,
  messageNode,
} from '#simulator/server/message-node.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import { type BinaryNode, childOf } from '#simulator/wire/binary-node.ts';

import { isBroadcastJid, resolveJid, STATUS_JID } from './directory.ts';
import { takeBundle } from './key-bundles.ts';
import { viewOf } from './message-view.ts';
import { encNode, PhoneCipher } from './phone-cipher.ts';
import { otherDevices } from './phone-receipts.ts';

type Needs = Pick<Network, 'store' | 'live' | 'post' | 'now' | 'random'>;

/** Android's ids are 16 random bytes in upper case. */
const MESSAGE_ID_BYTES = 16;
/** Baileys asks five times at most (maxMsgRetryCount). */
const RESENDS_MAX = 5;
/** The stanza's attribute `edit` (Baileys Socket/messages-send.js sendMessage). */
const EDIT = { message: '1', revoke: '7' } as const;

/** The phone shows the message, encrypts it for every device and hands it in; returns its id. */
export function sendMessage(
  phone: PhoneRecord,
  { route, content }: { route: ChatRoute; content: Message },
  network: Needs,
): string {
  const { store, now, random } = network;
  const id = random(MESSAGE_ID_BYTES).toString('hex').toUpperCase();
  const envelope: Envelope = {
    id,
    type: stanzaTypeOf(content),
    edit: editOf(content),
    at: now(),
    sender: { phone, device: 0 },
    route,
  };
  return store.db.transaction(() => {
    store.messages.insert({
      number: phone.number,
      chat: chatOf(route),
      from: { number: phone.number, device: 0 },
      id,
      at: envelope.at,
      addressing: addressingOf(route),
      view: viewOf(content) ?? { type: 'unknown', text: '' },
      content: Message.encode(content),
      copies: 1,
      state: 'sent',
    });
    const encryptFor = encryptorOf(envelope, content, network);
    for (const device of recipientsOf(envelope, network)) {
      const parts = encryptFor(device);
      if (parts) network.post(device, messageNode(envelope, device, parts));
    }
    return id;
  });
}

/** A device could not decrypt a message of this phone: it gets it again in a new session. */
export function resendMessage(phone: PhoneRecord, receipt: BinaryNode, network: Needs): void {
  const { store } = network;
  const asker = resolveJid(receipt.attrs['participant'] ?? receipt.attrs['from'], network)?.address;
  const count = Number(childOf(receipt, 'retry')?.attrs['count'] ?? 1);
  const message = store.messages
    .findById(phone.number, receipt.attrs['id'] ?? '')
    .find((found) => found.fromMe && found.from.device === 0);
  const route = message && routeOf(message, network);
  if (!asker || !message || !route || count > RESENDS_MAX) return;
  const bundle = readRetryBundle(receipt) ?? takeBundle(asker, network);
  if (!bundle) return;
  const cipher = new PhoneCipher(phone, network);
  cipher.startSession(asker, bundle);
  const content = Message.decode(message.content);
  const envelope: Envelope = {
    id: message.id,
    type: stanzaTypeOf(content),
    edit: editOf(content),
    at: message.at,
    sender: { phone, device: 0 },
    route,
  };
  const encrypted = cipher.encrypt(asker, contentFor(asker, { envelope, content }, cipher));
  if (encrypted) network.post(asker, messageNode(envelope, asker, [encNode(encrypted, count)]));
}

type Encryptor = (device: DeviceAddress) => BinaryNode[] | undefined;

/** Undefined for a device that is gone. */
function encryptorOf(envelope: Envelope, content: Message, network: Needs): Encryptor {
  const { sender, route } = envelope;
  const voice = voiceOf(route);
  if (voice !== undefined) return groupEncryptor(voice, { envelope, content }, network);
  const cipher = new PhoneCipher(sender.phone, network);
  return (device) => {
    const encrypted = cipher.encrypt(device, contentFor(device, { envelope, content }, cipher));
    return encrypted && [encNode(encrypted)];
  };
}

/** The sender key for whom does not have it, and the message once for all. */
function groupEncryptor(
  groupId: string,
  { envelope, content }: { envelope: Envelope; content: Message },
  network: Needs,
): Encryptor {
  const { phone } = envelope.sender;
  const { sessions } = network.store;
  const cipher = new PhoneCipher(phone, network);
  const senderKeyDistributionMessage = cipher.senderKeyDistribution(groupId);
  const forAll = encNode(cipher.encryptGroup(groupId, content));
  return (device) => {
    if (sessions.hasSharedSenderKey(phone.number, groupId, device)) return [forAll];
    const encrypted = cipher.encrypt(device, { senderKeyDistributionMessage });
    if (!encrypted) return undefined;
    sessions.markSenderKeyShared(phone.number, groupId, device);
    return [encNode(encrypted), forAll];
  };
}

/** Own devices learn in which chat it was; in a group a device that asks again gets the key too. */
function contentFor(
  device: DeviceAddress,
  { envelope, content }: { envelope: Envelope; content: Message },
  cipher: PhoneCipher,
): Message {
  const { sender, route } = envelope;
  const voice = voiceOf(route);
  if (voice !== undefined) {
    return { ...content, senderKeyDistributionMessage: cipher.senderKeyDistribution(voice) };
  }
  if (route.kind !== 'direct' || device.number !== sender.phone.number) return content;
  const destinationJid = jidOf(route.partner, route.addressing);
  return { deviceSentMessage: { destinationJid, message: content } };
}

function recipientsOf({ sender, route }: Envelope, network: Needs): DeviceAddress[] {
  const { phone, device } = sender;
  const accounts = accountsOf(route, phone, network);
  return otherDevices(accounts, { number: phone.number, device }, network);
}

function accountsOf(route: ChatRoute, phone: PhoneRecord, { store }: Needs): readonly string[] {
  switch (route.kind) {
    case 'direct':
      return [route.partner.number, phone.number];
    case 'group':
      return store.groups.members(route.group.id);
    case 'broadcast':
      return route.to;
  }
}

/** Where a sender key is used: in a group, and for what is posted as a status. */
function voiceOf(route: ChatRoute): string | undefined {
  const isShared = route.kind === 'group' || chatOf(route) === STATUS_JID;
  return isShared ? chatOf(route) : undefined;
}

function routeOf(message: MessageRecord, { store }: Pick<Network, 'store'>): ChatRoute | undefined {
  const { chat, addressing } = message;
  if (isBroadcastJid(chat)) return { kind: 'broadcast', id: chat, to: [], addressing };
  const partnerNumber = numberOfChat(chat);
  if (partnerNumber === undefined) {
    const group = store.groups.find(chat);
    return group && { kind: 'group', group };
  }
  const partner = store.phones.find(partnerNumber);
  return partner && { kind: 'direct', partner, addressing };
}

function stanzaTypeOf(content: Message): string {
  if (content.reactionMessage) return 'reaction';
  if (content.pollCreationMessageV3 || content.pollUpdateMessage) return 'poll';
  const isText = content.conversation || content.extendedTextMessage || content.protocolMessage;
  return isText ? 'text' : 'media';
}

/** The server cannot read a message, so its stanza says when it changes another one. */
function editOf({ protocolMessage }: Message): string | undefined {
  if (!protocolMessage) return undefined;
  return protocolMessage.type === PROTOCOL_TYPE.messageEdit ? EDIT.message : EDIT.revoke;
}
