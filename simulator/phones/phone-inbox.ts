import type { Network } from '#simulator/network.ts';
import { ProtoError } from '#simulator/proto/codec.ts';
import { Message } from '#simulator/proto/messages.ts';
import { noteContent } from '#simulator/server/strictness.ts';
import { SignalError } from '#simulator/signal/signal-error.ts';
import type { MessageKey, MessageRecord } from '#simulator/store/message-records.ts';
import type { MessageView } from '#simulator/store/message-view.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

import { type IncomingMessage, parseIncoming } from './incoming-message.ts';
import { viewOf } from './message-view.ts';
import { type Encrypted, PhoneCipher } from './phone-cipher.ts';
import { askAgain, markRead, sendReceipt } from './phone-receipts.ts';

type Needs = Pick<Network, 'store' | 'live' | 'post' | 'now' | 'random'>;

/** After so many undecryptable copies a phone gives the message up, as Baileys does. */
const RETRIES_MAX = 5;

type Readable = { readonly plaintext: Buffer; readonly view: MessageView };

/** What came out of the encrypted parts of a stanza. */
type Opened =
  | ({ readonly kind: 'readable' } & Readable)
  | { readonly kind: 'for_devices' }
  | { readonly kind: 'undecryptable' };

/** An online phone decrypts a message, shows it and answers with receipts. */
export function receiveMessage(phone: PhoneRecord, node: BinaryNode, network: Needs): void {
  const incoming = parseIncoming(node, network);
  if (!incoming) return;
  const opened = openMessage(new PhoneCipher(phone, network), incoming);
  switch (opened.kind) {
    case 'readable':
      showMessage(phone, { incoming, ...opened }, network);
      return;
    case 'undecryptable':
      countUndecryptable(phone, incoming, network);
      return;
    case 'for_devices':
  }
}

function showMessage(
  phone: PhoneRecord,
  { incoming, plaintext, view }: Readable & { incoming: IncomingMessage },
  network: Needs,
): void {
  const { messages } = network.store;
  const key = keyOf(phone, incoming);
  noteContent(incoming.from, { id: incoming.id, view }, network);
  const copies = 1 + messages.takeUndecrypted(key);
  const shown = messages.find(key);
  if (shown) {
    messages.addCopies(shown.seq, copies);
  } else {
    messages.insert({
      ...key,
      from: incoming.from,
      at: network.now(),
      addressing: incoming.addressing,
      view: rendered(view, incoming),
      content: plaintext,
      copies,
      state: key.sender === phone.number ? 'sent' : 'received',
    });
  }
  const message = messages.find(key);
  if (message) answer(phone, message, network);
}

/** Phones show nothing of a native flow whose stanza does not announce it (server/biz-node.ts). */
function rendered(view: MessageView, { hasNativeFlow }: IncomingMessage): MessageView {
  const isHidden = view.type === 'interactive' && !hasNativeFlow;
  return isHidden ? { type: 'unrendered', text: '' } : view;
}

function answer(phone: PhoneRecord, message: MessageRecord, network: Needs): void {
  if (message.fromMe) return;
  sendReceipt(phone, { message, type: 'delivered' }, network);
  if (phone.autoRead) markRead(phone, message, network);
}

/** A copy of what is shown already needs no other; for the rest the phone asks again. */
function countUndecryptable(phone: PhoneRecord, incoming: IncomingMessage, network: Needs): void {
  const { messages } = network.store;
  const key = keyOf(phone, incoming);
  const shown = messages.find(key);
  if (shown) {
    messages.addCopies(shown.seq, 1);
    answer(phone, shown, network);
    return;
  }
  const copies = messages.addUndecrypted(key, incoming.from.device);
  if (copies <= RETRIES_MAX) askAgain(phone, { incoming, count: copies }, network);
}

function openMessage(cipher: PhoneCipher, incoming: IncomingMessage): Opened {
  let opened: Opened = { kind: 'for_devices' };
  for (const encrypted of incoming.encrypted) {
    const next = openPart(cipher, incoming, encrypted);
    if (next.kind === 'readable') return next;
    if (next.kind === 'undecryptable') opened = next;
  }
  return opened;
}

function openPart(cipher: PhoneCipher, incoming: IncomingMessage, encrypted: Encrypted): Opened {
  try {
    const plaintext = decrypt(cipher, incoming, encrypted);
    const message = Message.decode(plaintext);
    acceptSenderKey(cipher, incoming, message);
    const view = viewOf(message);
    return view ? { kind: 'readable', plaintext, view } : { kind: 'for_devices' };
  } catch (error) {
    const isBadMessage = error instanceof SignalError || error instanceof ProtoError;
    if (isBadMessage) return { kind: 'undecryptable' };
    throw error;
  }
}

function decrypt(cipher: PhoneCipher, incoming: IncomingMessage, encrypted: Encrypted): Buffer {
  const { groupId, from } = incoming;
  return encrypted.type === 'skmsg' && groupId !== undefined
    ? cipher.decryptGroup({ groupId, sender: from }, encrypted.ciphertext)
    : cipher.decrypt(from, encrypted);
}

function acceptSenderKey(cipher: PhoneCipher, { from }: IncomingMessage, message: Message): void {
  const { groupId, axolotlSenderKeyDistributionMessage: distribution } =
    message.senderKeyDistributionMessage ?? {};
  if (groupId && distribution) cipher.acceptSenderKey({ groupId, sender: from }, distribution);
}

function keyOf(phone: PhoneRecord, { chat, from, id }: IncomingMessage): MessageKey {
  return { number: phone.number, chat, sender: from.number, id };
}
