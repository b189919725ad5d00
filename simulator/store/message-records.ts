import * as z from 'zod';

import type { DeviceAddress } from '#simulator/addresses.ts';

import { blob, type Database } from './database.ts';
import { MessageView } from './message-view.ts';

const MessageState = z.enum(['received', 'sent', 'delivered', 'read', 'played']);
/** Received messages are `received` or `read`; own ones go from `sent` to `played`. */
export type MessageState = z.infer<typeof MessageState>;

const STATE_ORDER: Record<MessageState, number> = {
  received: 0,
  sent: 1,
  delivered: 2,
  read: 3,
  played: 4,
};

const MessageRow = z
  .object({
    seq: z.int(),
    number: z.string(),
    chat: z.string(),
    sender: z.string(),
    device: z.int(),
    id: z.string(),
    at: z.int(),
    addressing: z.enum(['pn', 'lid']),
    view: z.string().transform((text) => MessageView.parse(JSON.parse(text))),
    content: blob,
    copies: z.int(),
    state: MessageState,
  })
  .transform(({ sender, device, at, ...row }) => ({
    ...row,
    at: new Date(at),
    from: { number: sender, device } satisfies DeviceAddress,
    fromMe: sender === row.number,
  }));
const ReceiptRow = z
  .object({ reader: z.string(), type: z.string(), at: z.int() })
  .transform((row) => ({ ...row, at: new Date(row.at) }));
const UnreadRow = z.object({ chat: z.string(), count: z.int() });
const CopiesRow = z.object({ copies: z.int() });
const ChatRow = z.object({ number: z.string() });

/** A message that a phone shows. `content` is its protobuf, `from` the device that sent it. */
export type MessageRecord = z.infer<typeof MessageRow>;

/** A message before it is stored. */
export type NewMessage = Omit<MessageRecord, 'seq' | 'fromMe'>;

/** Names a message as WhatsApp's clients do: by chat, sender and id. */
export type MessageKey = {
  readonly number: string;
  readonly chat: string;
  readonly sender: string;
  readonly id: string;
};

export type MessageReceipt = z.infer<typeof ReceiptRow>;

/** Which part of a phone's list is wanted; the newest `limit`, or from `sinceMs` the first. */
export type MessageFilter = {
  readonly sinceMs?: number | undefined;
  readonly chat?: string | undefined;
  readonly limit: number;
};

export class MessageRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  insert(message: NewMessage): void {
    this.#db.run(
      `INSERT INTO messages (number, chat, sender, device, id, at, addressing, view, content,
         copies, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        message.number,
        message.chat,
        message.from.number,
        message.from.device,
        message.id,
        message.at.getTime(),
        message.addressing,
        JSON.stringify(message.view),
        message.content,
        message.copies,
        message.state,
      ],
    );
  }

  find({ number, chat, sender, id }: MessageKey): MessageRecord | undefined {
    return this.#db.get(
      MessageRow,
      'SELECT * FROM messages WHERE number = ? AND chat = ? AND sender = ? AND id = ?',
      [number, chat, sender, id],
    );
  }

  /** All messages of a phone with this id; one, unless two chats use the same id. */
  findById(number: string, id: string): MessageRecord[] {
    return this.#db.all(
      MessageRow,
      'SELECT * FROM messages WHERE number = ? AND id = ? ORDER BY seq',
      [number, id],
    );
  }

  /** In the order of arrival. */
  list(number: string, { sinceMs, chat, limit }: MessageFilter): MessageRecord[] {
    const newestFirst = sinceMs === undefined;
    const rows = this.#db.all(
      MessageRow,
      `SELECT * FROM messages WHERE number = ? AND at >= ? AND (? IS NULL OR chat = ?)
       ORDER BY seq ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`,
      [number, sinceMs ?? 0, chat ?? null, chat ?? null, limit],
    );
    return newestFirst ? rows.reverse() : rows;
  }

  /** The reactions, edits and revokes that a phone has got or sent, in the order of arrival. */
  changes(number: string): MessageRecord[] {
    return this.#db.all(
      MessageRow,
      `SELECT * FROM messages INDEXED BY message_changes
       WHERE number = ? AND json_extract(view, '$.type') IN ('reaction', 'edit', 'revoke')
       ORDER BY seq`,
      [number],
    );
  }

  addCopies(seq: number, copies: number): void {
    this.#db.run('UPDATE messages SET copies = copies + ? WHERE seq = ?', [copies, seq]);
  }

  /** Only forward; whether it changed. */
  advance(message: MessageRecord, state: MessageState): boolean {
    if (STATE_ORDER[state] <= STATE_ORDER[message.state]) return false;
    return this.#db.run('UPDATE messages SET state = ? WHERE seq = ?', [state, message.seq]) > 0;
  }

  /** How many received messages of each chat are not read. */
  unread(number: string): { readonly chat: string; readonly count: number }[] {
    return this.#db.all(
      UnreadRow,
      `SELECT chat, count(*) AS count FROM messages WHERE number = ? AND state = 'received'
       GROUP BY chat ORDER BY chat`,
      [number],
    );
  }

  addReceipt(key: { number: string; id: string }, receipt: MessageReceipt): void {
    this.#db.run(
      `INSERT OR IGNORE INTO message_receipts (number, id, reader, type, at)
       VALUES (?, ?, ?, ?, ?)`,
      [key.number, key.id, receipt.reader, receipt.type, receipt.at.getTime()],
    );
  }

  receipts(number: string, id: string): MessageReceipt[] {
    return this.#db.all(
      ReceiptRow,
      'SELECT reader, type, at FROM message_receipts WHERE number = ? AND id = ? ORDER BY at',
      [number, id],
    );
  }

  /** Counts one more copy that could not be decrypted; returns how many there have been. */
  addUndecrypted(key: MessageKey, device: number): number {
    const row = this.#db.get(
      CopiesRow,
      `INSERT INTO undecrypted (number, chat, sender, device, id, copies) VALUES (?, ?, ?, ?, ?, 1)
       ON CONFLICT (number, chat, sender, device, id) DO UPDATE SET copies = copies + 1
       RETURNING copies`,
      [key.number, key.chat, key.sender, device, key.id],
    );
    return row?.copies ?? 1;
  }

  /** Forgets them, since the message is readable now; returns how many copies there were. */
  takeUndecrypted(key: MessageKey): number {
    const rows = this.#db.all(
      CopiesRow,
      `DELETE FROM undecrypted WHERE number = ? AND chat = ? AND sender = ? AND id = ?
       RETURNING copies`,
      [key.number, key.chat, key.sender, key.id],
    );
    return rows.reduce((sum, row) => sum + row.copies, 0);
  }

  /** The accounts whose phone has a direct chat of this name. */
  accountsWithChat(chat: string): string[] {
    return this.#db
      .all(ChatRow, 'SELECT DISTINCT number FROM messages WHERE chat = ?', [chat])
      .map((row) => row.number);
  }
}
