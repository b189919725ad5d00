import { mediaKeys } from '#shared/contracts/media-keys.ts';
import type { Blobs } from '#shared/storage/blobs.ts';

/** Deletes the files of an instance's messages, those that came in and those that went out. */
export async function purgeMedia(
  instanceId: string,
  blobs: Pick<Blobs, 'list' | 'delete'>,
): Promise<void> {
  for (const prefix of [mediaKeys.sent(instanceId, ''), mediaKeys.inbound(instanceId, '')]) {
    for await (const key of blobs.list(prefix)) await blobs.delete(key);
  }
}
