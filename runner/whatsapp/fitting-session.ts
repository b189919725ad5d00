import { AsyncLocalStorage } from 'node:async_hooks';
import * as z from 'zod';

/**
 * With one person's device there may be several Signal sessions at once, since both sides may start a new one.
 * libsignal tries a message on each, the newest first, and every try in vain spoils the session that it was made on:
 * it steps the ratchet before it looks at the MAC, and the record is stored with the session that fits in the end
 * (libsignal/src/session_cipher.js, decryptWithSessions). What is sent on a spoiled session nobody can read.
 *
 * Here each try sees a record of one session alone: the one that knows the message's ratchet key, or else one
 * after the other. What a failed try did is never stored.
 */

/** libsignal's stored record, version v1: sessions by base key, chains by ratchet key, all in base64. */
const StoredRecord = z.looseObject({
  _sessions: z.record(
    z.string(),
    z.looseObject({
      _chains: z.record(z.string(), z.unknown()),
      indexInfo: z.looseObject({ used: z.number().optional() }),
    }),
  ),
});
type StoredRecord = z.infer<typeof StoredRecord>;

type Try = {
  /** The message's ratchet key in base64, as the chains are named. */
  readonly ratchetKey: string | undefined;
  readonly index: number;
  /** How many sessions there are to try; known after the record was read. */
  count: number;
};

/** Baileys leaves no way to pass anything through to the key store. */
const currentTry = new AsyncLocalStorage<Try>();

/** Runs `decrypt` once for each session that may fit, until one does. Throws what the last one threw. */
export async function onFittingSession<T>(
  ciphertext: Uint8Array,
  decrypt: () => Promise<T>,
): Promise<T> {
  const ratchetKey = readRatchetKey(ciphertext);
  for (let index = 0; ; index += 1) {
    const attempt: Try = { ratchetKey, index, count: 0 };
    try {
      return await currentTry.run(attempt, decrypt);
    } catch (cause) {
      if (index + 1 >= attempt.count) throw cause;
    }
  }
}

/** The stored record as the current try is to see it. */
export function narrowed(stored: unknown): unknown {
  const attempt = currentTry.getStore();
  const record = StoredRecord.safeParse(stored).data;
  if (attempt === undefined || record === undefined) return stored;
  const candidates = candidatesFor(record, attempt.ratchetKey);
  attempt.count = candidates.length;
  const chosen = candidates[attempt.index];
  if (chosen === undefined) return stored;
  return { ...record, _sessions: { [chosen]: record._sessions[chosen] } };
}

/** What the current try wants to store, put back among the sessions that it did not see. */
export function widened(narrow: unknown, stored: unknown): unknown {
  if (currentTry.getStore() === undefined) return narrow;
  const changed = StoredRecord.safeParse(narrow).data;
  const whole = StoredRecord.safeParse(stored).data;
  if (changed === undefined || whole === undefined) return narrow;
  return { ...whole, ...changed, _sessions: { ...whole._sessions, ...changed._sessions } };
}

/** Base keys: the session that has heard this ratchet key, or all, the most recently used first. */
function candidatesFor({ _sessions }: StoredRecord, ratchetKey: string | undefined): string[] {
  const all = Object.entries(_sessions);
  const knowing = all.filter(
    ([, { _chains }]) => ratchetKey !== undefined && ratchetKey in _chains,
  );
  const candidates = knowing.length > 0 ? knowing : all;
  return candidates
    .sort(([, a], [, b]) => (b.indexInfo.used ?? 0) - (a.indexInfo.used ?? 0))
    .map(([baseKey]) => baseKey);
}

const KEY_FIELD_TAG = 0x0a;
const KEY_BYTES = 33;

/** A WhisperMessage is a version byte and a protobuf whose first field is the ratchet key. */
function readRatchetKey(ciphertext: Uint8Array): string | undefined {
  if (ciphertext[1] !== KEY_FIELD_TAG || ciphertext[2] !== KEY_BYTES) return undefined;
  return Buffer.from(ciphertext.subarray(3, 3 + KEY_BYTES)).toString('base64');
}
