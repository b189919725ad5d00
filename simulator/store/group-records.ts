import * as z from 'zod';

import type { Database } from './database.ts';

const GroupRow = z
  .object({
    id: z.string(),
    subject: z.string(),
    creator: z.string(),
    addressing_mode: z.enum(['pn', 'lid']),
    created_at: z.int(),
  })
  .transform((row) => ({
    id: row.id,
    subject: row.subject,
    creator: row.creator,
    addressing: row.addressing_mode,
    createdAt: new Date(row.created_at),
  }));
const TextRow = z.object({ text: z.string() });
const MemberRow = z.object({ number: z.string() });

/** A group; `id` is its whole jid (`…@g.us`), `creator` a number. */
export type GroupRecord = z.infer<typeof GroupRow>;

export class GroupRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  find(id: string): GroupRecord | undefined {
    return this.#db.get(GroupRow, 'SELECT * FROM groups WHERE id = ?', [id]);
  }

  /** The groups in which this account is. */
  listOf(number: string): GroupRecord[] {
    return this.#db.all(
      GroupRow,
      `SELECT groups.* FROM groups JOIN group_members ON group_id = id
       WHERE number = ? ORDER BY groups.rowid`,
      [number],
    );
  }

  /** The numbers of its members, the creator first. */
  members(id: string): string[] {
    return this.#db
      .all(MemberRow, 'SELECT number FROM group_members WHERE group_id = ? ORDER BY position', [id])
      .map((row) => row.number);
  }

  insert(group: GroupRecord, members: readonly string[]): void {
    this.#db.run(
      'INSERT INTO groups (id, subject, creator, addressing_mode, created_at) VALUES (?, ?, ?, ?, ?)',
      [group.id, group.subject, group.creator, group.addressing, group.createdAt.getTime()],
    );
    for (const [position, number] of members.entries()) {
      this.#db.run('INSERT INTO group_members (group_id, number, position) VALUES (?, ?, ?)', [
        group.id,
        number,
        position,
      ]);
    }
  }

  /** Behind those that are in it. */
  addMembers(id: string, numbers: readonly string[]): void {
    for (const number of numbers) {
      this.#db.run(
        `INSERT INTO group_members (group_id, number, position)
         SELECT ?, ?, coalesce(max(position), -1) + 1 FROM group_members WHERE group_id = ?`,
        [id, number, id],
      );
    }
  }

  removeMembers(id: string, numbers: readonly string[]): void {
    this.setAdmins(id, numbers, false);
    for (const number of numbers) {
      this.#db.run('DELETE FROM group_members WHERE group_id = ? AND number = ?', [id, number]);
    }
  }

  /** Those beside the creator. */
  admins(id: string): string[] {
    return this.#db
      .all(MemberRow, 'SELECT number FROM group_admins WHERE group_id = ?', [id])
      .map((row) => row.number);
  }

  setAdmins(id: string, numbers: readonly string[], areAdmins: boolean): void {
    const sql = areAdmins
      ? 'INSERT OR IGNORE INTO group_admins (group_id, number) VALUES (?, ?)'
      : 'DELETE FROM group_admins WHERE group_id = ? AND number = ?';
    for (const number of numbers) this.#db.run(sql, [id, number]);
  }

  setSubject(id: string, subject: string): void {
    this.#db.run('UPDATE groups SET subject = ? WHERE id = ?', [subject, id]);
  }

  description(id: string): string | undefined {
    const sql = 'SELECT text FROM group_descriptions WHERE group_id = ?';
    return this.#db.get(TextRow, sql, [id])?.text;
  }

  setDescription(id: string, text: string): void {
    const sql = 'INSERT OR REPLACE INTO group_descriptions (group_id, text) VALUES (?, ?)';
    this.#db.run(sql, [id, text]);
  }
}
