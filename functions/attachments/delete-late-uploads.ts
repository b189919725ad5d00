import { mediaKeys } from '#shared/contracts/media-keys.ts';
import type { Deps } from '../deps.ts';

type Needs = Pick<Deps, 'attachments' | 'media' | 'now'>;

/**
 * The URL of an upload cannot be taken back, so bytes may come for an attachment that is deleted already. They are
 * deleted by the account's next call that comes when no upload can be under way any more.
 */
export async function deleteLateUploads(
  accountId: string,
  { attachments, media, now }: Needs,
): Promise<void> {
  for (const late of await attachments.lateUploads(accountId, now())) {
    await media.delete(mediaKeys.attachment(accountId, late.attachmentId));
    await attachments.forgetLateUpload(late);
  }
}
