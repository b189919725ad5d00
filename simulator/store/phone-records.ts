import * as z from 'zod';

import type { KeyPair } from '#simulator/signal/keys.ts';

import { blob, type Database, flag } from './database.ts';

const PhoneRow = z
  .object({
    number: z.string(),
    lid: z.string(),
    name: z.string(),
    online: flag,
    auto_read: flag,
    identity_public: blob,
    identity_private: blob,
    registration_id: z.int(),
    signed_pre_key_id: z.int(),
    signed_pre_key_public: blob,
    signed_pre_key_private: blob,
    signed_pre_key_signature: blob,
  })
  .transform((row) => ({
    number: row.number,
    lid: row.lid,
    name: row.name,
    online: row.online,
    autoRead: row.auto_read,
    identity: { public: row.identity_public, private: row.identity_private },
    registrationId: row.registration_id,
    signedPreKey: {
      id: row.signed_pre_key_id,
      pair: { public: row.signed_pre_key_public, private: row.signed_pre_key_private },
      signature: row.signed_pre_key_signature,
    },
  }));
const KeyRow = z.object({ public: blob, private: blob });
const NextRow = z.object({ next: z.int() });

/** A simulated phone: an account and its device 0. `lid` is the user part of its LID jid. */
export type PhoneRecord = z.infer<typeof PhoneRow>;

export class PhoneRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  find(number: string): PhoneRecord | undefined {
    return this.#db.get(PhoneRow, 'SELECT * FROM phones WHERE number = ?', [number]);
  }

  findByLid(lid: string): PhoneRecord | undefined {
    return this.#db.get(PhoneRow, 'SELECT * FROM phones WHERE lid = ?', [lid]);
  }

  list(): PhoneRecord[] {
    return this.#db.all(PhoneRow, 'SELECT * FROM phones ORDER BY rowid');
  }

  insert(phone: PhoneRecord): void {
    const { identity, signedPreKey } = phone;
    this.#db.run(
      `INSERT INTO phones (number, lid, name, online, auto_read, identity_public, identity_private,
         registration_id, signed_pre_key_id, signed_pre_key_public, signed_pre_key_private,
         signed_pre_key_signature, next_pre_key_id, next_device)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1)`,
      [
        phone.number,
        phone.lid,
        phone.name,
        Number(phone.online),
        Number(phone.autoRead),
        identity.public,
        identity.private,
        phone.registrationId,
        signedPreKey.id,
        signedPreKey.pair.public,
        signedPreKey.pair.private,
        signedPreKey.signature,
      ],
    );
  }

  updateSettings({ number, name, autoRead }: PhoneRecord): void {
    this.#db.run('UPDATE phones SET name = ?, auto_read = ? WHERE number = ?', [
      name,
      Number(autoRead),
      number,
    ]);
  }

  setOnline(number: string, online: boolean): void {
    this.#db.run('UPDATE phones SET online = ? WHERE number = ?', [Number(online), number]);
  }

  /** Device ids are never used again, as on WhatsApp. */
  takeDeviceId(number: string): number {
    return this.#take(
      'UPDATE phones SET next_device = next_device + 1 WHERE number = ? RETURNING next_device - 1 AS next',
      number,
    );
  }

  /** Keeps the pair under the next free id and returns that id. */
  addPreKey(number: string, pair: KeyPair): number {
    const id = this.#take(
      'UPDATE phones SET next_pre_key_id = next_pre_key_id + 1 WHERE number = ? RETURNING next_pre_key_id - 1 AS next',
      number,
    );
    this.#db.run(
      'INSERT INTO phone_pre_keys (number, key_id, public, private) VALUES (?, ?, ?, ?)',
      [number, id, pair.public, pair.private],
    );
    return id;
  }

  findPreKey(number: string, id: number): KeyPair | undefined {
    return this.#db.get(
      KeyRow,
      'SELECT public, private FROM phone_pre_keys WHERE number = ? AND key_id = ?',
      [number, id],
    );
  }

  removePreKey(number: string, id: number): void {
    this.#db.run('DELETE FROM phone_pre_keys WHERE number = ? AND key_id = ?', [number, id]);
  }

  #take(sql: string, number: string): number {
    const row = this.#db.get(NextRow, sql, [number]);
    if (!row) throw new Error('The phone is gone.');
    return row.next;
  }
}
