import { type AuthLog, LogOvertaken } from './auth-log.ts';
import { applyChanges, type Changes, encodeChanges } from './changes.ts';
import { JournalStore, type JournalStoreDeps, type SealingKey } from './journal-store.ts';
import { EMPTY_TAIL, isOvertakenBy, type JournalTail, type Opener } from './journal-tail.ts';
import { type LoadedJournal, loadJournal } from './load-journal.ts';
import { PlainLog } from './plain-log.ts';
import { hashOf } from './record-codec.ts';
import type { RecordType } from './record-header.ts';
import { sweepJournal } from './sweep-journal.ts';

/** After so many records, or bytes of them, the whole state is kept anew, so that a start reads little. */
const RECORDS_PER_SNAPSHOT = 64;
const BYTES_PER_SNAPSHOT = 1_024 * 1_024;
/** A start unwraps every key behind the newest snapshot, and each takes a call of KMS. */
const KEYS_PER_SNAPSHOT = 8;
/** A clean end writes a snapshot when it spares the next start so many records. */
const RECORDS_PER_CLOSE = 32;
/** How often a fence is tried at the next number, while somebody else goes on writing. */
const FENCE_TRIES_MAX = 16;

const NO_BODY = new Uint8Array();

export type FencedJournalDeps = JournalStoreDeps & { readonly now: () => Date };

/**
 * An `AuthLog` on `Blobs` that has one line whatever happens (`docs/adr/0010-fenced-journal.md`). A record is put only
 * where nothing is, on the number after the last. Who opens it writes a FENCE first: whoever wrote before finds the
 * number taken, and ends.
 *
 *   closed ── open: load, FENCE ──▶ open ── append, compact ──▶ open ── close, erase, or overtaken ──▶ over
 */
export class FencedJournal implements AuthLog {
  readonly #store: JournalStore;
  readonly #plain: PlainLog;
  readonly #opener: Opener;
  readonly #now: () => Date;
  #tail: JournalTail = EMPTY_TAIL;
  #key: SealingKey | undefined;
  /** Behind the newest snapshot. */
  #records = 0;
  #bytes = 0;

  constructor(instanceId: string, opener: Opener, deps: FencedJournalDeps) {
    this.#store = new JournalStore(instanceId, deps);
    this.#plain = new PlainLog(deps.blobs, instanceId);
    this.#opener = opener;
    this.#now = deps.now;
  }

  async open(): Promise<Changes> {
    const loaded = await this.#takeOver();
    const { state, snapshots, records } = loaded;
    const imported = isUnused(loaded) ? await this.#plain.load() : undefined;
    if (imported !== undefined) applyChanges(state, imported);
    const keys = new Set(records.map(({ header }) => header.keyId)).size + 1;
    const isDue = this.#isDueAt(this.#records) || keys >= KEYS_PER_SNAPSHOT;
    if (imported !== undefined || isDue) await this.compact(encodeChanges(state));
    else if (snapshots.length > 0) await this.#sweep(snapshots);
    return state;
  }

  async append(changes: Changes): Promise<void> {
    // At once: the values may change while it is written.
    const body = encodeChanges(changes);
    await this.#append('DATA', body);
  }

  get isSnapshotDue(): boolean {
    return this.#isDueAt(this.#records + 1);
  }

  async compact(whole: Uint8Array): Promise<void> {
    await this.#writeSnapshot(whole);
    await this.#sweep(await this.#store.snapshots());
  }

  async close(whole: () => Uint8Array): Promise<void> {
    const body = this.#records >= RECORDS_PER_CLOSE ? whole() : undefined;
    await this.#append('CLOSE', NO_BODY);
    if (body !== undefined) await this.compact(body);
  }

  /**
   * An empty snapshot covers everything before anything is deleted: a crash leaves the whole state, or nothing. What a
   * newer writer has added meanwhile is left alone.
   */
  async erase(): Promise<void> {
    await this.#append('CLOSE', NO_BODY);
    const { id } = await this.#writeSnapshot(encodeChanges({}));
    const { keys, blobs } = this.#store;
    const { seq } = this.#tail;
    if ((await this.#store.readBytes('j', seq + 1)) !== undefined) throw new LogOvertaken(seq + 1);
    await this.#store.delete(await this.#plain.keys());
    const last = [keys.numbered('snap', seq), keys.key(id)];
    const all = await Array.fromAsync(blobs.list(keys.prefix));
    await this.#store.delete(all.filter((key) => !last.includes(key) && !keys.isAfter(key, seq)));
    for (const key of last) await blobs.delete(key);
  }

  /**
   * Writes a FENCE on the number after the last record. When somebody else was there first, the journal is read anew:
   * an older writer's record is taken in and the next number tried; a newer writer has the journal.
   */
  async #takeOver(): Promise<LoadedJournal> {
    for (let tries = 0; tries < FENCE_TRIES_MAX; tries += 1) {
      const loaded = await loadJournal(this.#store);
      this.#tail = loaded.tail;
      this.#records = loaded.records.length;
      this.#bytes = loaded.records.reduce((sum, { bytes }) => sum + bytes, 0);
      if (isOvertakenBy(this.#opener, this.#tail)) throw new LogOvertaken(this.#tail.seq);
      const key = await this.#store.makeKey(this.#tail.seq + 1);
      if (!(await this.#tryRecord('FENCE', NO_BODY, key))) continue;
      this.#key = key;
      return loaded;
    }
    throw new Error('The journal could not be fenced: somebody writes it all the time.');
  }

  async #append(type: RecordType, body: Uint8Array): Promise<void> {
    const written = await this.#tryRecord(type, body, this.#keyInUse());
    if (!written) throw new LogOvertaken(this.#tail.seq + 1);
  }

  /** `false` when the number is taken. */
  async #tryRecord(type: RecordType, body: Uint8Array, key: SealingKey): Promise<boolean> {
    const { seq, hash } = this.#tail;
    const next = { seq: seq + 1, ...this.#opener };
    const header = { ...next, type, hash, atMs: this.#now().getTime() };
    const bytes = await this.#store.seal(header, body, key);
    if ((await this.#store.put('j', next.seq, bytes)) === 'taken') return false;
    this.#advance({ ...next, hash: hashOf(bytes) }, bytes);
    return true;
  }

  /** Under a new data key. One that is there already was made of the same records. */
  async #writeSnapshot(whole: Uint8Array): Promise<SealingKey> {
    const { seq, hash, epoch, writer } = this.#tail;
    const key = await this.#store.makeKey(seq);
    const atMs = this.#now().getTime();
    const header = { type: 'SNAPSHOT', seq, epoch, writer, hash, atMs } as const;
    await this.#store.put('snap', seq, await this.#store.seal(header, whole, key));
    this.#key = key;
    this.#records = 0;
    this.#bytes = 0;
    return key;
  }

  async #sweep(snapshots: readonly number[]): Promise<void> {
    const nowMs = this.#now().getTime();
    await sweepJournal(this.#store, this.#plain, { snapshots, nowMs });
  }

  #advance(tail: JournalTail, bytes: Uint8Array): void {
    this.#tail = tail;
    this.#records += 1;
    this.#bytes += bytes.byteLength;
  }

  #isDueAt(records: number): boolean {
    return records >= RECORDS_PER_SNAPSHOT || this.#bytes >= BYTES_PER_SNAPSHOT;
  }

  #keyInUse(): SealingKey {
    if (this.#key === undefined) throw new Error('The journal is not open.');
    return this.#key;
  }
}

/** Whether nothing was ever kept in it: at most openings that ended before the import of an older state. */
function isUnused({ snapshots, records }: LoadedJournal): boolean {
  const isOpening = records.every(({ header }) => header.type === 'FENCE');
  return snapshots.length === 0 && isOpening;
}
