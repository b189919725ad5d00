import { parseRecord } from '#runner/journal/record-codec.ts';
import { AlreadyExists, type Blobs } from '#shared/storage/blobs.ts';
import { blobsWith } from '../storage/blobs-with.ts';

const RECORD = /^(?<folder>.*\/)j\/\d+$/;
const SNAPSHOT = /^(?<folder>.*\/)snap\/(?<seq>\d+)$/;

/** Blobs in which the FENCE of a newer writer stops nobody: an older one writes over it, as if it were not there. */
export function withoutFences(blobs: Blobs): Blobs {
  const putIfAbsent = async (key: string, bytes: Uint8Array) => {
    try {
      await blobs.putIfAbsent(key, bytes);
    } catch (cause) {
      const there = await blobs.get(key);
      const [newer, older] = [there && parseRecord(there)?.header, parseRecord(bytes)?.header];
      const isFenced = newer?.type === 'FENCE' && older !== undefined && older.epoch < newer.epoch;
      if (!(cause instanceof AlreadyExists) || !RECORD.test(key) || !isFenced) throw cause;
      await blobs.put(key, bytes);
    }
  };
  return blobsWith(blobs, { putIfAbsent });
}

/** Blobs from which records are deleted as soon as a snapshot covers them. */
export function withoutCovered(blobs: Blobs): Blobs {
  const putIfAbsent = async (key: string, bytes: Uint8Array) => {
    await blobs.putIfAbsent(key, bytes);
    const { folder, seq } = SNAPSHOT.exec(key)?.groups ?? {};
    if (folder === undefined || seq === undefined) return;
    for await (const record of blobs.list(`${folder}j/`)) {
      if (record <= `${folder}j/${seq}`) await blobs.delete(record);
    }
  };
  return blobsWith(blobs, { putIfAbsent });
}
