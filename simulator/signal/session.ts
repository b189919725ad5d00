import { PreKeyWhisperMessage } from '#simulator/proto/signal-messages.ts';
import { agreeAsInitiator, agreeAsResponder } from './agreement.ts';
import { stepRoot } from './chain.ts';
import { generateKeyPair, type KeyPair, withoutTypeByte, withTypeByte } from './keys.ts';
import { openInSession, sealInSession } from './ratchet.ts';
import { type Session, type SessionState, toStored, withCurrent } from './session-state.ts';
import { SignalError } from './signal-error.ts';
import {
  type ParsedPreKeyWhisper,
  type ParsedWhisper,
  parsePreKeyWhisper,
  parseWhisper,
  VERSION_BYTE,
} from './wire-messages.ts';
import { verify } from './xeddsa.ts';

export type { SessionState } from './session-state.ts';

/** What a device publishes so that others can write to it; keys with or without type byte. */
export type PreKeyBundle = {
  registrationId: number;
  identityKey: Buffer;
  signedPreKey: { id: number; publicKey: Buffer; signature: Buffer };
  preKey?: { id: number; publicKey: Buffer };
};

/** The own keys of a device; the two functions look up published keys that were not used up. */
export type LocalKeys = {
  identity: KeyPair;
  registrationId: number;
  signedPreKey(id: number): KeyPair | undefined;
  preKey(id: number): KeyPair | undefined;
};

/** Where new ratchet keys come from; tests with published vectors give their own. */
type Needs = { newKeyPair: () => KeyPair };
const RANDOM: Needs = { newKeyPair: () => generateKeyPair() };

/**
 * X3DH with the bundle of a remote device; the sessions of `previous` are archived.
 * Throws SignalError 'bad_signature' when the signed pre-key is not the identity's.
 */
export function startSession(
  local: LocalKeys,
  bundle: PreKeyBundle,
  { previous, newKeyPair }: { previous?: SessionState | undefined } & Partial<Needs> = {},
): SessionState {
  const { signedPreKey, preKey, identityKey } = bundle;
  if (!verify(identityKey, withTypeByte(signedPreKey.publicKey), signedPreKey.signature)) {
    throw new SignalError('bad_signature', 'The signed pre-key is not signed by its identity.');
  }
  const { newKeyPair: newPair } = { ...RANDOM, ...(newKeyPair ? { newKeyPair } : {}) };
  const baseKey = newPair();
  const sendingRatchet = newPair();
  const agreed = agreeAsInitiator({
    identity: local.identity,
    baseKey,
    remoteIdentity: identityKey,
    remoteSignedPreKey: signedPreKey.publicKey,
    remotePreKey: preKey?.publicKey,
  });
  const step = stepRoot(agreed.rootKey, sendingRatchet.private, signedPreKey.publicKey);
  const session: Session = {
    baseKey: baseKey.public.toString('base64'),
    remoteIdentity: withoutTypeByte(identityKey).toString('base64'),
    remoteRegistrationId: bundle.registrationId,
    rootKey: step.rootKey.toString('base64'),
    sendingRatchet: toStored(sendingRatchet),
    sendingChain: { chainKey: step.chainKey.toString('base64'), next: 0 },
    previousCounter: 0,
    receivingChains: [],
    pendingPreKey: {
      ...(preKey ? { preKeyId: preKey.id } : {}),
      signedPreKeyId: signedPreKey.id,
    },
  };
  return withCurrent(session, previous?.sessions);
}

/**
 * Encrypts in the current session; 'pkmsg' until the other side has answered.
 * Throws SignalError 'no_session'.
 */
export function encryptMessage(
  local: LocalKeys,
  state: SessionState,
  plaintext: Uint8Array,
): { state: SessionState; type: 'pkmsg' | 'msg'; ciphertext: Buffer } {
  const [current, ...archived] = state.sessions;
  if (!current) throw new SignalError('no_session', 'There is no session with that device.');
  const { session, message } = sealInSession(local.identity, current, plaintext);
  const moved = withCurrent(session, archived);
  const { pendingPreKey } = session;
  if (!pendingPreKey) return { state: moved, type: 'msg', ciphertext: message };
  const body = PreKeyWhisperMessage.encode({
    ...pendingPreKey,
    registrationId: local.registrationId,
    baseKey: withTypeByte(Buffer.from(session.baseKey, 'base64')),
    identityKey: withTypeByte(local.identity.public),
    message,
  });
  const ciphertext = Buffer.concat([Buffer.of(VERSION_BYTE), body]);
  return { state: moved, type: 'pkmsg', ciphertext };
}

/**
 * Decrypts in whichever session fits, which then is the current one; a 'pkmsg' may start a session
 * and use a pre-key up (`usedPreKeyId`). Throws SignalError: 'duplicate', 'no_session', 'bad_mac',
 * 'unknown_pre_key', 'malformed' or 'too_far_ahead'. The state given in stays valid then.
 */
export function decryptMessage(
  local: LocalKeys,
  state: SessionState | undefined,
  incoming: { type: 'pkmsg' | 'msg'; ciphertext: Uint8Array },
  needs: Needs = RANDOM,
): { state: SessionState; plaintext: Buffer; usedPreKeyId?: number } {
  const sessions = state?.sessions ?? [];
  const own = { identity: local.identity, newKeyPair: needs.newKeyPair };
  if (incoming.type === 'msg') {
    const { session, plaintext } = openInAny(own, sessions, parseWhisper(incoming.ciphertext));
    return { state: withCurrent(session, sessions), plaintext };
  }
  const parsed = parsePreKeyWhisper(incoming.ciphertext);
  const baseKey = parsed.baseKey.toString('base64');
  const known = sessions.find((session) => session.baseKey === baseKey);
  const before = known ?? answerSession(local, parsed);
  const { session, plaintext } = openInSession(own, before, parsed.message);
  const moved = { state: withCurrent(session, sessions), plaintext };
  const usesPreKey = !known && parsed.preKeyId !== undefined;
  return usesPreKey ? { ...moved, usedPreKeyId: parsed.preKeyId } : moved;
}

/** Both sides may have started a session at once, so that an archived one may be the right one. */
function openInAny(
  own: { identity: KeyPair } & Needs,
  sessions: readonly Session[],
  message: ParsedWhisper,
): { session: Session; plaintext: Buffer } {
  const errors: SignalError[] = [];
  for (const session of sessions) {
    try {
      return openInSession(own, session, message);
    } catch (error) {
      if (!(error instanceof SignalError)) throw error;
      errors.push(error);
    }
  }
  const duplicate = errors.find(({ code }) => code === 'duplicate');
  const noSession = new SignalError('no_session', 'There is no session with that device.');
  throw duplicate ?? errors[0] ?? noSession;
}

/** The session which a pre-key message starts, before its first message is read. */
function answerSession(local: LocalKeys, parsed: ParsedPreKeyWhisper): Session {
  const { preKeyId, signedPreKeyId, identityKey, baseKey, registrationId } = parsed;
  const signedPreKey = local.signedPreKey(signedPreKeyId);
  const preKey = preKeyId === undefined ? undefined : local.preKey(preKeyId);
  if (!signedPreKey || (preKeyId !== undefined && !preKey)) {
    throw new SignalError('unknown_pre_key', 'The message uses a pre-key that is not there.');
  }
  const { rootKey } = agreeAsResponder({
    identity: local.identity,
    signedPreKey,
    preKey,
    remoteIdentity: identityKey,
    remoteBaseKey: baseKey,
  });
  return {
    baseKey: baseKey.toString('base64'),
    remoteIdentity: identityKey.toString('base64'),
    remoteRegistrationId: registrationId,
    rootKey: rootKey.toString('base64'),
    sendingRatchet: toStored(signedPreKey),
    previousCounter: 0,
    receivingChains: [],
  };
}
