import { createHash } from 'node:crypto';
import type { BinaryNode } from '@whiskeysockets/baileys';
import * as z from 'zod';
import type { AuthState } from '../journal/auth-state.ts';

const KIND = 'inbox';
/** How many handled messages are remembered, to answer WhatsApp when it delivers one again. */
const REMEMBERED_MAX = 256;
/** And how much of them, in all: a picture's preview alone may have tens of kilobytes, and all is in memory. */
const REMEMBERED_BYTES_MAX = 512 * 1_024;

const InboxRow = z.object({
  /** Grows by one: the order in which messages came. */
  order: z.int(),
  /** The stanza's attributes. Its content is not needed again. */
  attrs: z.record(z.string(), z.string()),
  /** What the ciphertext said, padding and all. */
  plaintext: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  handled: z.boolean(),
});
type InboxRow = z.infer<typeof InboxRow>;

/** A decrypted message on its way to the session. */
export type InboxEntry = {
  /** What to name when it is handled. */
  readonly id: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly plaintext: Uint8Array;
};

/**
 * Decrypted messages, kept in the auth state together with the ratchet step that decrypted them. WhatsApp
 * deletes a message once it has our receipt, and no ciphertext can be decrypted twice: so a message must be
 * here before the receipt leaves, and stays until the session has dealt with it.
 */
export class Inbox {
  readonly #state: AuthState;
  /** By a hash of the ciphertext, oldest first. */
  readonly #rows: Map<string, InboxRow>;
  /** Which stanza a ciphertext came in: Baileys hands only the ciphertext on. */
  readonly #stanzas = new WeakMap<Uint8Array, Readonly<Record<string, string>>>();
  #order: number;
  /** Of all plaintexts together. */
  #bytes: number;

  constructor(state: AuthState) {
    this.#state = state;
    const rows = Object.entries(state.all(KIND)).map(
      ([id, row]) => [id, InboxRow.parse(row)] as const,
    );
    this.#rows = new Map(rows.sort(([, a], [, b]) => a.order - b.order));
    this.#order = rows.at(-1)?.[1].order ?? 0;
    this.#bytes = rows.reduce((sum, [, { plaintext }]) => sum + plaintext.byteLength, 0);
  }

  /** To be called with every message stanza before Baileys works on it. */
  noteStanza({ attrs, content: parts }: BinaryNode): void {
    if (!Array.isArray(parts)) return;
    const copy = { ...attrs };
    for (const { tag, content } of parts) {
      if (tag === 'enc' && content instanceof Uint8Array) this.#stanzas.set(content, copy);
    }
  }

  /** What this very ciphertext said when it came before. */
  recall(ciphertext: Uint8Array): Uint8Array | undefined {
    return this.#rows.get(idOf(ciphertext))?.plaintext;
  }

  /** Stages the message, to become durable together with the ratchet step. */
  stage(ciphertext: Uint8Array, plaintext: Uint8Array): InboxEntry | undefined {
    const attrs = this.#stanzas.get(ciphertext);
    if (attrs === undefined) return undefined;
    this.#order += 1;
    const id = idOf(ciphertext);
    this.#set({ [id]: { order: this.#order, attrs, plaintext, handled: false } });
    return { id, attrs, plaintext };
  }

  /** The session has dealt with the message. It joins the next record: a repeat after a crash does no harm. */
  markHandled(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined || row.handled) return;
    const changes: Record<string, InboxRow | null> = { [id]: { ...row, handled: true } };
    let count = this.#rows.size;
    let bytes = this.#bytes;
    for (const [oldId, old] of this.#rows) {
      if (count <= REMEMBERED_MAX && bytes <= REMEMBERED_BYTES_MAX) break;
      count -= 1;
      bytes -= old.plaintext.byteLength;
      if (old.handled) changes[oldId] = null;
    }
    this.#set(changes);
  }

  /** What came and was not dealt with, in order: after a crash. */
  unhandled(): InboxEntry[] {
    return [...this.#rows]
      .filter(([, row]) => !row.handled)
      .map(([id, { attrs, plaintext }]) => ({ id, attrs, plaintext }));
  }

  #set(changes: Record<string, InboxRow | null>): void {
    for (const [id, row] of Object.entries(changes)) {
      this.#bytes -= this.#rows.get(id)?.plaintext.byteLength ?? 0;
      this.#bytes += row?.plaintext.byteLength ?? 0;
      if (row === null) this.#rows.delete(id);
      else this.#rows.set(id, row);
    }
    this.#state.stage({ [KIND]: changes });
  }
}

function idOf(ciphertext: Uint8Array): string {
  return createHash('sha256').update(ciphertext).digest('base64url').slice(0, 22);
}
