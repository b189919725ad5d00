import * as z from 'zod';

import type { DeviceAddress } from '#simulator/addresses.ts';

import { blob, type Database, flag } from './database.ts';

const SentIdRow = z
  .object({
    chat: z.string(),
    login_no: z.int(),
    acked: flag,
    retries_asked: z.int(),
    retries_used: z.int(),
    fingerprint: z.string().nullable(),
  })
  .transform((row) => ({
    chat: row.chat,
    loginNo: row.login_no,
    acked: row.acked,
    retriesAsked: row.retries_asked,
    retriesUsed: row.retries_used,
    fingerprint: row.fingerprint ?? undefined,
  }));
const DigestRow = z.object({ digest: blob });

/** What is known of a message id that a companion used. */
export type SentId = z.infer<typeof SentIdRow>;

/** One place in a chain of keys, of one sender towards one recipient (or group). */
export type RatchetPosition = {
  readonly sender: string;
  readonly recipient: string;
  readonly chain: string;
  readonly counter: number;
};

/** What the strict checks remember of the wire. */
export class WireRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  findSentId(from: DeviceAddress, id: string): SentId | undefined {
    return this.#db.get(
      SentIdRow,
      'SELECT * FROM sent_ids WHERE number = ? AND device = ? AND id = ?',
      [from.number, from.device, id],
    );
  }

  putSentId(from: DeviceAddress, id: string, sent: SentId): void {
    this.#db.run(
      `INSERT OR REPLACE INTO sent_ids (number, device, id, chat, login_no, acked, retries_asked,
         retries_used, fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        from.number,
        from.device,
        id,
        sent.chat,
        sent.loginNo,
        Number(sent.acked),
        sent.retriesAsked,
        sent.retriesUsed,
        sent.fingerprint ?? null,
      ],
    );
  }

  /** Remembers the position; returns the digest that used it first, which may be another one. */
  claimPosition(position: RatchetPosition, digest: Uint8Array): Buffer {
    const params = [position.sender, position.recipient, position.chain, position.counter];
    this.#db.run(
      `INSERT OR IGNORE INTO ratchet_positions (sender, recipient, chain, counter, digest)
       VALUES (?, ?, ?, ?, ?)`,
      [...params, digest],
    );
    const row = this.#db.get(
      DigestRow,
      `SELECT digest FROM ratchet_positions
       WHERE sender = ? AND recipient = ? AND chain = ? AND counter = ?`,
      params,
    );
    return row?.digest ?? Buffer.from(digest);
  }
}
