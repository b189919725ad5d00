import * as z from 'zod';

import { blob, type Database } from './database.ts';

const CompanionRow = z
  .object({
    number: z.string(),
    device: z.int(),
    noise_public: blob,
    identity_public: blob,
    registration_id: z.int(),
    signed_pre_key_id: z.int(),
    signed_pre_key_public: blob,
    signed_pre_key_signature: blob,
    platform: z.string(),
    linked_at: z.int(),
    login_no: z.int(),
  })
  .transform((row) => ({
    number: row.number,
    device: row.device,
    noisePublic: row.noise_public,
    identityPublic: row.identity_public,
    registrationId: row.registration_id,
    signedPreKey: {
      id: row.signed_pre_key_id,
      publicKey: row.signed_pre_key_public,
      signature: row.signed_pre_key_signature,
    },
    platform: row.platform,
    linkedAt: new Date(row.linked_at),
    loginNo: row.login_no,
  }));
const PreKeyRow = z.object({ id: z.int(), publicKey: blob });
const CountRow = z.object({ count: z.int() });
const LoginRow = z.object({ login_no: z.int() });

/** A linked device, as the server knows it. */
export type CompanionRecord = z.infer<typeof CompanionRow>;

/** A public signed pre-key. */
export type PublicSignedPreKey = CompanionRecord['signedPreKey'];

/** A public one-time pre-key. */
export type PublicPreKey = z.infer<typeof PreKeyRow>;

export class CompanionRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  find(number: string, device: number): CompanionRecord | undefined {
    return this.#db.get(CompanionRow, 'SELECT * FROM companions WHERE number = ? AND device = ?', [
      number,
      device,
    ]);
  }

  list(number: string): CompanionRecord[] {
    return this.#db.all(CompanionRow, 'SELECT * FROM companions WHERE number = ? ORDER BY device', [
      number,
    ]);
  }

  insert(companion: CompanionRecord): void {
    this.#db.run(
      `INSERT INTO companions (number, device, noise_public, identity_public, registration_id,
         signed_pre_key_id, signed_pre_key_public, signed_pre_key_signature, platform, linked_at,
         login_no)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        companion.number,
        companion.device,
        companion.noisePublic,
        companion.identityPublic,
        companion.registrationId,
        companion.signedPreKey.id,
        companion.signedPreKey.publicKey,
        companion.signedPreKey.signature,
        companion.platform,
        companion.linkedAt.getTime(),
        companion.loginNo,
      ],
    );
  }

  /** Whether there was such a device. Its pre-keys and undelivered stanzas go with it. */
  remove(number: string, device: number): boolean {
    this.#db.run('DELETE FROM deliveries WHERE number = ? AND device = ?', [number, device]);
    const removed = this.#db.run('DELETE FROM companions WHERE number = ? AND device = ?', [
      number,
      device,
    ]);
    return removed > 0;
  }

  /** Counts a login and returns its number, which is larger than that of every older socket. */
  nextLogin(number: string, device: number): number {
    const row = this.#db.get(
      LoginRow,
      'UPDATE companions SET login_no = login_no + 1 WHERE number = ? AND device = ? RETURNING login_no',
      [number, device],
    );
    if (!row) throw new Error('The device is no longer linked.');
    return row.login_no;
  }

  setSignedPreKey(number: string, device: number, key: PublicSignedPreKey): void {
    this.#db.run(
      `UPDATE companions SET signed_pre_key_id = ?, signed_pre_key_public = ?,
         signed_pre_key_signature = ? WHERE number = ? AND device = ?`,
      [key.id, key.publicKey, key.signature, number, device],
    );
  }

  addPreKey(number: string, device: number, key: PublicPreKey): void {
    this.#db.run(
      `INSERT OR REPLACE INTO companion_pre_keys (number, device, key_id, public)
       VALUES (?, ?, ?, ?)`,
      [number, device, key.id, key.publicKey],
    );
  }

  /** The oldest one-time pre-key; nobody else gets it. */
  takePreKey(number: string, device: number): PublicPreKey | undefined {
    return this.#db.get(
      PreKeyRow,
      `DELETE FROM companion_pre_keys WHERE number = ? AND device = ? AND key_id =
         (SELECT min(key_id) FROM companion_pre_keys WHERE number = ? AND device = ?)
       RETURNING key_id AS id, public AS publicKey`,
      [number, device, number, device],
    );
  }

  countPreKeys(number: string, device: number): number {
    const row = this.#db.get(
      CountRow,
      'SELECT count(*) AS count FROM companion_pre_keys WHERE number = ? AND device = ?',
      [number, device],
    );
    return row?.count ?? 0;
  }
}
