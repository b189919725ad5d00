import { type CorruptReason, JournalCorrupt } from './journal-corrupt.ts';
import { firstSeqOf, type NumberedKind } from './journal-keys.ts';
import type { JournalStore } from './journal-store.ts';
import { faultOfNext, type JournalTail, tailAfter } from './journal-tail.ts';
import type { ParsedRecord } from './record-codec.ts';

/** What can be said of a blob of a journal without showing what it holds. */
export type InspectedBlob = {
  readonly kind: NumberedKind;
  readonly seq: number;
  readonly bytes: number;
  /** As its header says; nothing when that cannot be read. */
  readonly header?: ParsedRecord['header'];
  /** `undefined` when it is as it was written, and follows what is before it. */
  readonly fault: CorruptReason | undefined;
};

export type InspectedJournal = {
  readonly blobs: readonly InspectedBlob[];
  readonly keyIds: readonly string[];
};

/** Looks at every snapshot and every record, in the order of their numbers; it changes nothing. */
export async function inspectJournal(store: JournalStore): Promise<InspectedJournal> {
  const { snapshots, records, keyIds } = await store.list();
  const all = [
    ...snapshots.map((seq) => ({ kind: 'snap' as const, seq })),
    ...records.map((seq) => ({ kind: 'j' as const, seq })),
  ].sort((one, other) => one.seq - other.seq || one.kind.localeCompare(other.kind));
  const blobs: InspectedBlob[] = [];
  let before: JournalTail | undefined;
  for (const { kind, seq } of all) {
    const bytes = (await store.readBytes(kind, seq)) ?? new Uint8Array();
    const looked = await lookAt(store, { kind, seq, bytes }, before);
    blobs.push({ kind, seq, bytes: bytes.byteLength, ...looked.said });
    if (looked.record !== undefined) before = tailAfter(looked.record);
  }
  return { blobs, keyIds: keyIds.filter((id) => firstSeqOf(id) !== undefined) };
}

type Raw = { readonly kind: NumberedKind; readonly seq: number; readonly bytes: Uint8Array };

async function lookAt(store: JournalStore, { kind, seq, bytes }: Raw, before?: JournalTail) {
  let record: ParsedRecord | undefined;
  try {
    record = store.parse(kind, seq, bytes);
    await store.open(kind, record);
  } catch (cause) {
    if (!(cause instanceof JournalCorrupt)) throw cause;
    const said = { fault: cause.reason, ...(record && { header: record.header }) };
    return { record, said };
  }
  const follows = kind === 'j' && before !== undefined && before.seq === seq - 1;
  const fault = follows ? faultOfNext(record, before, store.instanceId) : undefined;
  return { record, said: { header: record.header, fault } };
}
