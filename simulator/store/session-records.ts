import * as z from 'zod';

import type { DeviceAddress } from '#simulator/addresses.ts';
import type { SenderKeyState } from '#simulator/signal/sender-key.ts';
import type { SessionState } from '#simulator/signal/session.ts';

import type { Database } from './database.ts';

const StateRow = z.object({ state: z.string() });
const FoundRow = z.object({ found: z.int() });

/** Whose sender key: the phone that keeps it, the group, and the device that sends with it. */
export type SenderKeyName = {
  readonly number: string;
  readonly groupId: string;
  readonly sender: DeviceAddress;
};

/** The Signal state of the phones: sessions with devices, and group sender keys. */
export class SessionRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  findSession(number: string, peer: DeviceAddress): SessionState | undefined {
    const row = this.#db.get(
      StateRow,
      'SELECT state FROM sessions WHERE number = ? AND peer_number = ? AND peer_device = ?',
      [number, peer.number, peer.device],
    );
    // Written by putSession alone; signal/session.ts owns the shape of what is inside.
    return row && (JSON.parse(row.state) as SessionState);
  }

  putSession(number: string, peer: DeviceAddress, state: SessionState): void {
    this.#db.run(
      'INSERT OR REPLACE INTO sessions (number, peer_number, peer_device, state) VALUES (?, ?, ?, ?)',
      [number, peer.number, peer.device, JSON.stringify(state)],
    );
  }

  findSenderKey({ number, groupId, sender }: SenderKeyName): SenderKeyState | undefined {
    const row = this.#db.get(
      StateRow,
      `SELECT state FROM sender_keys
       WHERE number = ? AND group_id = ? AND sender_number = ? AND sender_device = ?`,
      [number, groupId, sender.number, sender.device],
    );
    // Written by putSenderKey alone; signal/sender-key.ts owns the shape of what is inside.
    return row && (JSON.parse(row.state) as SenderKeyState);
  }

  putSenderKey({ number, groupId, sender }: SenderKeyName, state: SenderKeyState): void {
    this.#db.run(
      `INSERT OR REPLACE INTO sender_keys (number, group_id, sender_number, sender_device, state)
       VALUES (?, ?, ?, ?, ?)`,
      [number, groupId, sender.number, sender.device, JSON.stringify(state)],
    );
  }

  /** Whether the phone has sent its own sender key of this group to the device. */
  hasSharedSenderKey(number: string, groupId: string, peer: DeviceAddress): boolean {
    const row = this.#db.get(
      FoundRow,
      `SELECT 1 AS found FROM sender_key_recipients
       WHERE number = ? AND group_id = ? AND peer_number = ? AND peer_device = ?`,
      [number, groupId, peer.number, peer.device],
    );
    return row !== undefined;
  }

  markSenderKeyShared(number: string, groupId: string, peer: DeviceAddress): void {
    this.#db.run(
      `INSERT OR IGNORE INTO sender_key_recipients (number, group_id, peer_number, peer_device)
       VALUES (?, ?, ?, ?)`,
      [number, groupId, peer.number, peer.device],
    );
  }

  /** A device that was unlinked leaves nothing behind. */
  forgetDevice(peer: DeviceAddress): void {
    for (const table of ['sessions', 'sender_key_recipients']) {
      this.#db.run(`DELETE FROM ${table} WHERE peer_number = ? AND peer_device = ?`, [
        peer.number,
        peer.device,
      ]);
    }
  }
}
