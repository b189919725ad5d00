import {
  type AuthenticationCreds,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type SignalKeyStoreWithTransaction,
} from '@whiskeysockets/baileys';
import type { AuthState } from '../journal/auth-state.ts';
import { narrowed, widened } from './fitting-session.ts';
import { SerialLock } from './serial-lock.ts';

/** Baileys' own credentials lie in the auth state as one value. */
const CREDS = { kind: 'creds', id: 'creds' } as const;

/** The credentials of a linked device, or fresh ones that are kept nowhere until a phone links them. */
export function loadCreds(state: AuthState): AuthenticationCreds {
  const kept = state.get(CREDS.kind, [CREDS.id])[CREDS.id];
  // What is under this key was written by `stageCreds` alone.
  return kept === undefined
    ? initAuthCreds()
    : withFreshPreKeyIds(kept as AuthenticationCreds, state);
}

/** Stages the credentials once they are those of a linked device (`account` comes with the pairing). */
export function stageCreds(state: AuthState, creds: AuthenticationCreds): void {
  if (isLinked(creds)) state.stage({ [CREDS.kind]: { [CREDS.id]: { ...creds } } });
}

export function isLinked(creds: AuthenticationCreds): boolean {
  return creds.account !== undefined && creds.account !== null;
}

/** The number behind a LID, if Baileys has learnt it (Signal/lid-mapping.js keeps it under `<lid>_reverse`). */
export function phoneOfLid(state: AuthState, lid: string): string | undefined {
  const id = `${lid}_reverse`;
  const phone = state.get('lid-mapping', [id])[id];
  return typeof phone === 'string' ? phone : undefined;
}

/**
 * Pre-keys may be on the server while the credentials that count them were not yet written: an id is never
 * given out twice (facts/baileys.md §5.4).
 */
function withFreshPreKeyIds(creds: AuthenticationCreds, state: AuthState): AuthenticationCreds {
  const highest = Math.max(0, ...Object.keys(state.all('pre-key')).map(Number));
  return { ...creds, nextPreKeyId: Math.max(creds.nextPreKeyId, highest + 1) };
}

/** The key store for Baileys itself: a `set` returns when it is durable. */
export function durableKeys(state: AuthState): SignalKeyStore {
  return {
    get: (type, ids) => read(state, type, ids),
    async set(data) {
      state.stage(data satisfies SignalDataSet as Record<string, Record<string, unknown>>);
      await state.flush();
    },
  };
}

/**
 * The key store for the Signal repository: a `set` is seen by the next `get` at once, in whatever transaction.
 * Baileys' own transactions keep a copy of what they read, so that a message coming in while another goes out
 * to the same person would put back the older ratchet. Here all ratchet work takes turns, and the repository
 * around it (`signal-repository.ts`) waits for the log. LID mappings have a turn of their own, since ratchet work
 * stores them on its way.
 */
export function immediateKeys(state: AuthState): SignalKeyStoreWithTransaction {
  const ratchets = new SerialLock();
  const mappings = new SerialLock();
  return {
    get: (type, ids) => {
      const found = read(state, type, ids);
      return type === 'session' ? mapValues(found, narrowed) : found;
    },
    set: ({ session, ...others }) => {
      const kept = state.get('session', Object.keys(session ?? {}));
      const whole = mapValues(session ?? {}, (changed, id) => widened(changed, kept[id]));
      state.stage({ ...others, ...(session && { session: whole }) });
    },
    isInTransaction: () => false,
    transaction: (work, key) => (key === 'lid-mapping' ? mappings : ratchets).run(work),
  };
}

function mapValues<T>(
  values: Record<string, T>,
  map: (value: T, id: string) => unknown,
): Record<string, T> {
  // What `map` answers is a session record as much as what it was given.
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [id, map(value, id) as T]));
}

function read<T extends keyof SignalDataTypeMap>(
  state: AuthState,
  type: T,
  ids: string[],
): { [id: string]: SignalDataTypeMap[T] } {
  const found = state.get(type, ids);
  if (type === 'app-state-sync-key') {
    for (const [id, value] of Object.entries(found)) {
      found[id] = proto.Message.AppStateSyncKeyData.fromObject(value as Record<string, unknown>);
    }
  }
  // Each kind of key was written by Baileys in the shape in which Baileys reads it.
  return found as { [id: string]: SignalDataTypeMap[T] };
}
