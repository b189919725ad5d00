import type { Blobs } from '#shared/storage/blobs.ts';
import { inParallel } from './in-parallel.ts';
import { JournalKeys } from './journal-keys.ts';
import { PlainLog } from './plain-log.ts';

/** Deletes a journal that cannot be read. The keys go first: what a crash leaves is worth nothing without them. */
export async function eraseUnread(instanceId: string, blobs: Blobs): Promise<void> {
  const keys = new JournalKeys(instanceId);
  for (const prefix of [keys.folder('key'), keys.prefix]) {
    const all = await Array.fromAsync(blobs.list(prefix));
    await inParallel(all, (key) => blobs.delete(key));
  }
  const plain = await new PlainLog(blobs, instanceId).keys();
  await inParallel(plain, (key) => blobs.delete(key));
}
