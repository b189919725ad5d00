import type { KeyPair } from './keys.ts';
import type { ReceivingChain } from './skipped-keys.ts';

// Sessions as JSON: every key is base64, so that a state can be stored as it is.

export type StoredKeyPair = { readonly public: string; readonly private: string };

/** One Double Ratchet with one remote device. */
export type Session = {
  /** The initiator's base key, which names the session. */
  readonly baseKey: string;
  readonly remoteIdentity: string;
  readonly remoteRegistrationId: number;
  readonly rootKey: string;
  readonly sendingRatchet: StoredKeyPair;
  /** Absent until the responder has read the first message. */
  readonly sendingChain?: { readonly chainKey: string; readonly next: number };
  /** The last counter of the sending chain before this one. */
  readonly previousCounter: number;
  /** The newest is the last. */
  readonly receivingChains: readonly (ReceivingChain & { readonly ratchetKey: string })[];
  /** Present until the other side has answered: our messages must still carry the bundle's ids. */
  readonly pendingPreKey?: { readonly preKeyId?: number; readonly signedPreKeyId: number };
};

/** All sessions with one remote device; the first is the current one, the others are archived. */
export type SessionState = { readonly version: 1; readonly sessions: readonly Session[] };

/** Signal's libraries keep 40 archived sessions. */
const ARCHIVED_SESSIONS_MAX = 40;

/** Makes `session` the current one; `before` are the sessions that it replaces or archives. */
export function withCurrent(session: Session, before: readonly Session[] = []): SessionState {
  const archived = before.filter(({ baseKey }) => baseKey !== session.baseKey);
  return { version: 1, sessions: [session, ...archived.slice(0, ARCHIVED_SESSIONS_MAX)] };
}

export function toStored(pair: KeyPair): StoredKeyPair {
  return { public: pair.public.toString('base64'), private: pair.private.toString('base64') };
}
