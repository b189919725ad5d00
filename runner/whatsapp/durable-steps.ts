import type { AuthState } from '../journal/auth-state.ts';
import type { Inbox, InboxEntry } from './inbox.ts';

/** Ratchet steps that nobody hears of before they are durable. */
export type DurableSteps = {
  /** Resolves with what the work answers, when all that it staged is durable. */
  durably<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Decrypts what was not decrypted before. Step and plaintext are durable, in one record, when it resolves; then the
   * message has been passed on, too.
   */
  decryptOnce(ciphertext: Uint8Array, decrypt: () => Promise<Uint8Array>): Promise<Uint8Array>;
};

/** *Write before wire*, whatever it is that encrypts and decrypts. */
export function durableSteps(
  state: AuthState,
  inbox: Inbox,
  onMessage: (entry: InboxEntry) => void,
): DurableSteps {
  return {
    durably: async (work) => {
      const result = await work();
      await state.flush();
      return result;
    },
    decryptOnce: async (ciphertext, decrypt) => {
      const before = inbox.recall(ciphertext);
      if (before !== undefined) return before;
      const release = state.hold();
      let plaintext: Uint8Array;
      let entry: InboxEntry | undefined;
      try {
        plaintext = await decrypt();
        entry = inbox.stage(ciphertext, plaintext);
      } finally {
        release();
      }
      await state.flush();
      if (entry) onMessage(entry);
      return plaintext;
    },
  };
}
