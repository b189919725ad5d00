import * as z from 'zod';

import type { DeviceAddress } from '#simulator/addresses.ts';

import { blob, type Database } from './database.ts';

/** A device that is away for so long loses nothing before this; then its senders get an error. */
const DELIVERIES_PER_DEVICE_MAX = 50_000;

const DeliveryRow = z.object({ seq: z.int(), node: blob });
const SummaryRow = z.object({ count: z.int(), last: z.int().nullable() });
const SeqRow = z.object({ seq: z.int() });

/** A stanza that waits for its device, in the order of `seq`. */
export type Delivery = z.infer<typeof DeliveryRow>;

/** The stanzas that a device acknowledges. */
const STANZA_TAGS = ['message', 'receipt', 'notification', 'call'] as const;
export type StanzaTag = (typeof STANZA_TAGS)[number];

export function isStanzaTag(tag: string | undefined): tag is StanzaTag {
  return STANZA_TAGS.some((known) => known === tag);
}

/** By what an acknowledgement names the stanza that it means. */
export type StanzaName = {
  readonly tag: StanzaTag;
  readonly id: string;
  readonly type?: string | undefined;
};

/** The device's queue is at its limit. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

export class DeliveryRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Throws QueueFullError at the limit. */
  add(to: DeviceAddress, name: StanzaName, node: Uint8Array): void {
    if (this.summary(to).count >= DELIVERIES_PER_DEVICE_MAX) {
      throw new QueueFullError('Too many stanzas wait for this device.');
    }
    this.#db.run(
      `INSERT INTO deliveries (number, device, tag, stanza_id, stanza_type, node)
       VALUES (?, ?, ?, ?, ?, ?)`,
      [to.number, to.device, name.tag, name.id, name.type ?? '', node],
    );
  }

  /** The next ones after `seq`, oldest first. */
  after(to: DeviceAddress, seq: number, limit: number): Delivery[] {
    return this.#db.all(
      DeliveryRow,
      `SELECT seq, node FROM deliveries WHERE number = ? AND device = ? AND seq > ?
       ORDER BY seq LIMIT ?`,
      [to.number, to.device, seq, limit],
    );
  }

  /** How many wait, and the place of the newest (0 when none does). */
  summary(to: DeviceAddress): { readonly count: number; readonly last: number } {
    const row = this.#db.get(
      SummaryRow,
      'SELECT count(*) AS count, max(seq) AS last FROM deliveries WHERE number = ? AND device = ?',
      [to.number, to.device],
    );
    return { count: row?.count ?? 0, last: row?.last ?? 0 };
  }

  /** Removes the oldest stanza of this name (of any type, if it has none) up to `sentSeq`. */
  removeSent(to: DeviceAddress, name: StanzaName, sentSeq: number): boolean {
    const type = name.type ?? null;
    const found = this.#db.get(
      SeqRow,
      `SELECT seq FROM deliveries WHERE number = ? AND device = ? AND seq <= ? AND tag = ?
         AND stanza_id = ? AND (? IS NULL OR stanza_type = ?) ORDER BY seq LIMIT 1`,
      [to.number, to.device, sentSeq, name.tag, name.id, type, type],
    );
    if (!found) return false;
    this.remove(found.seq);
    return true;
  }

  remove(seq: number): void {
    this.#db.run('DELETE FROM deliveries WHERE seq = ?', [seq]);
  }
}
