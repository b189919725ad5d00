import { randomBytes, randomInt } from 'node:crypto';

import {
  SenderKeyDistributionMessage,
  SenderKeyMessage,
} from '#simulator/proto/signal-messages.ts';
import { decryptBlocks, encryptBlocks } from './block-cipher.ts';
import { stepChain } from './chain.ts';
import { deriveBytes } from './key-derivation.ts';
import { generateKeyPair, withoutTypeByte, withTypeByte } from './keys.ts';
import { SignalError } from './signal-error.ts';
import { type ReceivingChain, takeMessageSecret } from './skipped-keys.ts';
import { decodeOr, parseSenderKeyMessage, splitMessage, VERSION_BYTE } from './wire-messages.ts';
import { sign, verify } from './xeddsa.ts';

// Sender keys: one member's messages to a group (facts of the wire: Baileys Signal/Group).

/** `next` is the next iteration; the private signing key is only in a member's own chain. */
type SenderChain = ReceivingChain & {
  readonly id: number;
  readonly signingPublic: string;
  readonly signingPrivate?: string;
};

/** A member's sender keys in one group as plain JSON; the newest is the first. */
export type SenderKeyState = { readonly version: 1; readonly chains: readonly SenderChain[] };

const CHAINS_MAX = 5;
const KEY_BYTES = 32;
const IV_BYTES = 16;
const SENDER_KEY_ID_LIMIT = 2 ** 31 - 1;

/**
 * Baileys leaves out every second iteration, so kept keys would pile up: we keep fewer of them
 * than the 2000 of Signal's libraries, to keep a stored state small.
 */
const SKIPPED_KEPT_MAX = 256;

/** A new key of our own. */
export function createSenderKey(): SenderKeyState {
  const signing = generateKeyPair();
  const chain: SenderChain = {
    id: randomInt(SENDER_KEY_ID_LIMIT),
    chainKey: randomBytes(KEY_BYTES).toString('base64'),
    next: 0,
    skipped: {},
    signingPublic: signing.public.toString('base64'),
    signingPrivate: signing.private.toString('base64'),
  };
  return { version: 1, chains: [chain] };
}

/** What the other members need to read our messages from the next one on. */
export function distributionMessage(state: SenderKeyState): Buffer {
  const { id, next, chainKey, signingPublic } = ownChain(state);
  const body = SenderKeyDistributionMessage.encode({
    id,
    iteration: next,
    chainKey: Buffer.from(chainKey, 'base64'),
    signingKey: withTypeByte(Buffer.from(signingPublic, 'base64')),
  });
  return Buffer.concat([Buffer.of(VERSION_BYTE), body]);
}

/**
 * Takes in another member's key. A key that is known already stays as it is, else a message could
 * be read twice. Throws SignalError 'malformed'.
 */
export function acceptDistribution(
  state: SenderKeyState | undefined,
  message: Uint8Array,
): SenderKeyState {
  const { body } = splitMessage(message, 0);
  const fields = decodeOr(() => SenderKeyDistributionMessage.decode(body));
  const { id, iteration, chainKey, signingKey } = fields;
  if (
    id === undefined ||
    iteration === undefined ||
    !signingKey ||
    chainKey?.length !== KEY_BYTES
  ) {
    throw new SignalError('malformed', 'A field of the sender key is missing.');
  }
  const signingPublic = withoutTypeByte(signingKey).toString('base64');
  const before = state?.chains ?? [];
  const isSame = (chain: SenderChain) => chain.id === id && chain.signingPublic === signingPublic;
  const chain = before.find(isSame) ?? {
    id,
    chainKey: Buffer.from(chainKey).toString('base64'),
    next: iteration,
    skipped: {},
    signingPublic,
  };
  const others = before.filter((other) => !isSame(other));
  return { version: 1, chains: [chain, ...others].slice(0, CHAINS_MAX) };
}

/** Throws SignalError 'no_session' when the state holds no key of our own. */
export function encryptGroupMessage(
  state: SenderKeyState,
  plaintext: Uint8Array,
): { state: SenderKeyState; ciphertext: Buffer } {
  const own = ownChain(state);
  const { messageSecret, chainKey } = stepChain(Buffer.from(own.chainKey, 'base64'));
  const body = SenderKeyMessage.encode({
    id: own.id,
    iteration: own.next,
    ciphertext: encryptBlocks(groupKeysOf(messageSecret), plaintext),
  });
  const signed = Buffer.concat([Buffer.of(VERSION_BYTE), body]);
  const signature = sign(Buffer.from(own.signingPrivate, 'base64'), signed);
  const moved = { ...own, chainKey: chainKey.toString('base64'), next: own.next + 1 };
  return { state: replaced(state, moved), ciphertext: Buffer.concat([signed, signature]) };
}

/**
 * Throws SignalError 'no_session' (that key was never given to us), 'bad_signature', 'duplicate',
 * 'too_far_ahead' or 'malformed'. The state given in stays valid then.
 */
export function decryptGroupMessage(
  state: SenderKeyState,
  ciphertext: Uint8Array,
): { state: SenderKeyState; plaintext: Buffer } {
  const message = parseSenderKeyMessage(ciphertext);
  const candidates = state.chains.filter(({ id }) => id === message.id);
  if (candidates.length === 0) {
    throw new SignalError('no_session', 'The sender key of the message is not known.');
  }
  const signer = candidates.find(({ signingPublic }) =>
    verify(Buffer.from(signingPublic, 'base64'), message.signed, message.signature),
  );
  if (!signer) throw new SignalError('bad_signature', 'The sender did not sign the message.');
  const { chain, messageSecret } = takeMessageSecret(signer, message.iteration, SKIPPED_KEPT_MAX);
  const plaintext = decryptBlocks(groupKeysOf(messageSecret), message.ciphertext);
  return { state: replaced(state, chain), plaintext };
}

function ownChain(state: SenderKeyState): SenderChain & { signingPrivate: string } {
  for (const chain of state.chains) {
    const { signingPrivate } = chain;
    if (signingPrivate !== undefined) return { ...chain, signingPrivate };
  }
  throw new SignalError('no_session', 'There is no sender key of our own.');
}

function replaced(state: SenderKeyState, moved: SenderChain): SenderKeyState {
  const isMoved = ({ id, signingPublic }: SenderChain) =>
    id === moved.id && signingPublic === moved.signingPublic;
  return {
    version: 1,
    chains: state.chains.map((chain) => (isMoved(chain) ? moved : chain)),
  };
}

function groupKeysOf(messageSecret: Uint8Array): { cipherKey: Buffer; iv: Buffer } {
  const length = IV_BYTES + KEY_BYTES;
  const okm = deriveBytes(messageSecret, 'WhisperGroup', { length });
  return { iv: okm.subarray(0, IV_BYTES), cipherKey: okm.subarray(IV_BYTES) };
}
