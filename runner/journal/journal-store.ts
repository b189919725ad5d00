import { AlreadyExists, type Blobs, type ListOptions } from '#shared/storage/blobs.ts';
import { KeyRefused, type KeyWrap } from '#shared/storage/key-wrap.ts';
import { type Changes, decodeChanges } from './changes.ts';
import { inParallel } from './in-parallel.ts';
import { type CorruptBlob, type CorruptReason, JournalCorrupt } from './journal-corrupt.ts';
import { firstSeqOf, JournalKeys, type NumberedKind, parseSeq, toKeyId } from './journal-keys.ts';
import { openRecord, type ParsedRecord, parseRecord, sealRecord } from './record-codec.ts';
import type { RecordHeader } from './record-header.ts';

const NONCE_BYTES = 12;
const KEY_ID_BYTES = 8;
const KEY_ID = /^\d{12}-[\da-f]{16}$/;

export type JournalStoreDeps = {
  readonly blobs: Blobs;
  readonly keyWrap: KeyWrap;
  readonly randomBytes: (size: number) => Uint8Array;
};

/** The blobs of a journal, each row ascending. */
export type JournalListing = {
  readonly records: readonly number[];
  readonly snapshots: readonly number[];
  readonly keyIds: readonly string[];
};

/** A data key in use. */
export type SealingKey = { readonly id: string; readonly key: Uint8Array };

/** The blobs of one instance's journal: what they are called, and how they are sealed. It decides nothing. */
export class JournalStore {
  readonly instanceId: string;
  readonly keys: JournalKeys;
  readonly blobs: Blobs;
  readonly #deps: JournalStoreDeps;
  readonly #unwrapped = new Map<string, Promise<Uint8Array>>();

  constructor(instanceId: string, deps: JournalStoreDeps) {
    this.instanceId = instanceId;
    this.keys = new JournalKeys(instanceId);
    this.blobs = deps.blobs;
    this.#deps = deps;
  }

  /** All of it. The snapshots before the records: whatever is newer than one that is seen, is seen as well. */
  async list(): Promise<JournalListing> {
    const snapshots = await this.snapshots();
    const records = await Array.fromAsync(this.records());
    return { snapshots, records, keyIds: await this.keyIds() };
  }

  /** Ascending. */
  async snapshots(): Promise<number[]> {
    const names = await Array.fromAsync(this.#names('snap'));
    return names.flatMap((name) => parseSeq(name) ?? []);
  }

  /** Ascending; those of two days may be many thousands, and cost a call of S3 for each thousand. */
  async *records({ after = 0 }: { readonly after?: number } = {}): AsyncGenerator<number> {
    const behind = after > 0 ? { after: this.keys.numbered('j', after) } : {};
    for await (const name of this.#names('j', behind)) {
      const seq = parseSeq(name);
      // Not every store that speaks the language of S3 knows where to start.
      if (seq !== undefined && seq > after) yield seq;
    }
  }

  async keyIds(): Promise<string[]> {
    const names = await Array.fromAsync(this.#names('key'));
    return names.filter((name) => firstSeqOf(name) !== undefined);
  }

  /** `undefined` when there is no such blob. */
  async readBytes(kind: NumberedKind, seq: number): Promise<Uint8Array | undefined> {
    return await this.blobs.get(this.keys.numbered(kind, seq));
  }

  /** Takes the bytes apart. Throws `JournalCorrupt`. */
  parse(kind: NumberedKind, seq: number, bytes: Uint8Array): ParsedRecord {
    const parsed = parseRecord(bytes);
    if (parsed === undefined) throw this.corrupt(blobOf(kind), seq, 'unreadable');
    const { header } = parsed;
    const isHere = header.instanceId === this.instanceId && header.seq === seq;
    const fits = isHere && (header.type === 'SNAPSHOT') === (kind === 'snap');
    if (!fits) throw this.corrupt(blobOf(kind), seq, 'misplaced');
    return parsed;
  }

  /** What a record or snapshot holds. Throws `JournalCorrupt`. */
  async open(kind: NumberedKind, record: ParsedRecord): Promise<Changes> {
    const { seq, keyId } = record.header;
    const body = openRecord(record, await this.#unwrap(kind, seq, keyId));
    if (body === undefined) throw this.corrupt(blobOf(kind), seq, 'not_authentic');
    return body.byteLength === 0 ? {} : decodeChanges(body);
  }

  async seal(
    header: Omit<RecordHeader, 'instanceId' | 'keyId'>,
    body: Uint8Array,
    { id, key }: SealingKey,
  ): Promise<Uint8Array> {
    const nonce = this.#deps.randomBytes(NONCE_BYTES);
    const { instanceId } = this;
    return await sealRecord({ ...header, instanceId, keyId: id }, body, { key, nonce });
  }

  /** Writes where nothing is. `taken`: there is something else. */
  async put(kind: NumberedKind, seq: number, bytes: Uint8Array): Promise<'written' | 'taken'> {
    return await this.#put(this.keys.numbered(kind, seq), bytes);
  }

  /** A new data key, stored wrapped, which seals nothing below `seq`. */
  async makeKey(seq: number): Promise<SealingKey> {
    const { keyWrap, randomBytes } = this.#deps;
    const { key, wrapped } = await keyWrap.generate({ instanceId: this.instanceId });
    const id = toKeyId(seq, randomBytes(KEY_ID_BYTES));
    if ((await this.#put(this.keys.key(id), wrapped)) === 'taken') {
      throw new Error('Two data keys have one name.');
    }
    // What was read before is in memory: its keys are not wanted again.
    this.#unwrapped.clear();
    this.#unwrapped.set(id, Promise.resolve(key));
    return { id, key };
  }

  async delete(keys: readonly string[]): Promise<void> {
    await inParallel(keys, (key) => this.blobs.delete(key));
  }

  corrupt(blob: CorruptBlob, seq: number, reason: CorruptReason, options?: ErrorOptions) {
    return new JournalCorrupt({ instanceId: this.instanceId, blob, seq }, reason, options);
  }

  /** The very bytes are ours, from a try whose answer was lost: each blob has something of chance in it. */
  async #put(key: string, bytes: Uint8Array): Promise<'written' | 'taken'> {
    try {
      await this.blobs.putIfAbsent(key, bytes);
      return 'written';
    } catch (cause) {
      if (!(cause instanceof AlreadyExists)) throw cause;
      const there = await this.blobs.get(key);
      return there !== undefined && Buffer.from(bytes).equals(there) ? 'written' : 'taken';
    }
  }

  async #unwrap(kind: NumberedKind, seq: number, keyId: string): Promise<Uint8Array> {
    const known = this.#unwrapped.get(keyId);
    if (known !== undefined) return await known;
    const asked = this.#fetchKey(kind, seq, keyId);
    this.#unwrapped.set(keyId, asked);
    // A fault that passes must not be remembered.
    asked.catch(() => this.#unwrapped.delete(keyId));
    return await asked;
  }

  async #fetchKey(kind: NumberedKind, seq: number, keyId: string): Promise<Uint8Array> {
    const isName = KEY_ID.test(keyId);
    // The header was not yet authenticated: what it says is used for no name but a key's.
    if (!isName) throw this.corrupt(blobOf(kind), seq, 'unreadable');
    const wrapped = await this.blobs.get(this.keys.key(keyId));
    if (wrapped === undefined) throw this.corrupt(blobOf(kind), seq, 'no_key');
    try {
      return await this.#deps.keyWrap.unwrap(wrapped, { instanceId: this.instanceId });
    } catch (cause) {
      if (!(cause instanceof KeyRefused)) throw cause;
      throw this.corrupt(blobOf(kind), seq, 'no_key', { cause });
    }
  }

  async *#names(kind: NumberedKind | 'key', options?: ListOptions): AsyncGenerator<string> {
    const folder = this.keys.folder(kind);
    for await (const key of this.blobs.list(folder, options)) yield key.slice(folder.length);
  }
}

function blobOf(kind: NumberedKind): CorruptBlob {
  return kind === 'snap' ? 'snapshot' : 'record';
}
