import { timingSafeEqual } from 'node:crypto';

import { WhisperMessage } from '#simulator/proto/signal-messages.ts';
import { decryptBlocks, encryptBlocks } from './block-cipher.ts';
import { type MessageKeys, messageKeysOf, stepChain, stepRoot } from './chain.ts';
import { hmacSha256 } from './key-derivation.ts';
import { type KeyPair, withTypeByte } from './keys.ts';
import { type Session, toStored } from './session-state.ts';
import { SignalError } from './signal-error.ts';
import { takeMessageSecret } from './skipped-keys.ts';
import { MAC_BYTES, type ParsedWhisper, VERSION_BYTE } from './wire-messages.ts';

/** Older receiving chains are forgotten, as Signal's libraries do. */
const RECEIVING_CHAINS_MAX = 5;

const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

/** Encrypts with the next key of the sending chain; returns the moved session and the message. */
export function sealInSession(
  localIdentity: KeyPair,
  session: Session,
  plaintext: Uint8Array,
): { session: Session; message: Buffer } {
  const { sendingChain } = session;
  if (!sendingChain) throw new SignalError('no_session', 'The session cannot send yet.');
  const { messageSecret, chainKey } = stepChain(bytes(sendingChain.chainKey));
  const keys = messageKeysOf(messageSecret);
  const body = WhisperMessage.encode({
    ratchetKey: withTypeByte(bytes(session.sendingRatchet.public)),
    counter: sendingChain.next,
    previousCounter: session.previousCounter,
    ciphertext: encryptBlocks(keys, plaintext),
  });
  const signed = Buffer.concat([Buffer.of(VERSION_BYTE), body]);
  const mac = macOf(keys, localIdentity.public, bytes(session.remoteIdentity), signed);
  const next = sendingChain.next + 1;
  return {
    session: { ...session, sendingChain: { chainKey: chainKey.toString('base64'), next } },
    message: Buffer.concat([signed, mac]),
  };
}

/**
 * Decrypts with the chain of the message's ratchet key; an unknown ratchet key turns the ratchet.
 * Throws SignalError 'duplicate', 'too_far_ahead', 'bad_mac' or 'malformed'.
 */
export function openInSession(
  local: { identity: KeyPair; newKeyPair: () => KeyPair },
  session: Session,
  message: ParsedWhisper,
): { session: Session; plaintext: Buffer } {
  const ratchetKey = message.ratchetKey.toString('base64');
  const known = session.receivingChains.find((chain) => chain.ratchetKey === ratchetKey);
  const received = known ? undefined : receivingStep(session, message.ratchetKey);
  const fresh = { ratchetKey, chainKey: received?.chainKey ?? '', next: 0, skipped: {} };
  const { chain, messageSecret } = takeMessageSecret(known ?? fresh, message.counter);
  const keys = messageKeysOf(messageSecret);
  const mac = macOf(keys, bytes(session.remoteIdentity), local.identity.public, message.signed);
  if (!timingSafeEqual(mac, message.mac)) {
    throw new SignalError('bad_mac', 'The message is not authentic in this session.');
  }
  const plaintext = decryptBlocks(keys, message.ciphertext);
  const others = session.receivingChains.filter((other) => other.ratchetKey !== ratchetKey);
  const { pendingPreKey: _answered, ...answered } = session;
  const moved = {
    ...answered,
    receivingChains: known
      ? session.receivingChains.map((other) => (other === known ? chain : other))
      : [...others, chain].slice(-RECEIVING_CHAINS_MAX),
  };
  const turned = received
    ? turnSending(moved, received.rootKey, { message, newKeyPair: local.newKeyPair })
    : moved;
  return { session: turned, plaintext };
}

/** The first half of a turn: the chain on which the other side sends with its new key. */
function receivingStep(session: Session, theirs: Buffer): { rootKey: Buffer; chainKey: string } {
  const ours = bytes(session.sendingRatchet.private);
  const { rootKey, chainKey } = stepRoot(bytes(session.rootKey), ours, theirs);
  return { rootKey, chainKey: chainKey.toString('base64') };
}

/** The second half: a new key of ours, and the chain on which we send with it. */
function turnSending(
  session: Session,
  rootKey: Buffer,
  { message, newKeyPair }: { message: ParsedWhisper; newKeyPair: () => KeyPair },
): Session {
  const pair = newKeyPair();
  const step = stepRoot(rootKey, pair.private, message.ratchetKey);
  return {
    ...session,
    rootKey: step.rootKey.toString('base64'),
    sendingRatchet: toStored(pair),
    sendingChain: { chainKey: step.chainKey.toString('base64'), next: 0 },
    previousCounter: Math.max(0, (session.sendingChain?.next ?? 0) - 1),
  };
}

/** The MAC covers both identities, so that a message cannot be moved to another pair of them. */
function macOf(
  keys: MessageKeys,
  senderIdentity: Uint8Array,
  receiverIdentity: Uint8Array,
  signed: Uint8Array,
): Buffer {
  const sender = withTypeByte(senderIdentity);
  const receiver = withTypeByte(receiverIdentity);
  return hmacSha256(keys.macKey, sender, receiver, signed).subarray(0, MAC_BYTES);
}
