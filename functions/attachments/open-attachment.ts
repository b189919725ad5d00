import { mediaKeys } from '#shared/contracts/media-keys.ts';
import type { Attachment } from '#shared/domain/attachment.ts';
import { ObjectId } from '#shared/domain/identifier.ts';
import type { AttachmentRef } from '#shared/repositories/attachment-repository.ts';
import { lookForBytes, type SettleNeeds } from './settle-attachment.ts';

export type OpenAttachment = Attachment & { readonly blobKey: string };

/**
 * The account's attachment that a message names, when its bytes are there. Text that is no id names none. It cleans
 * nothing away: whoever sends has no right to delete.
 */
export async function openAttachment(
  { accountId, attachmentId }: AttachmentRef,
  deps: SettleNeeds,
): Promise<OpenAttachment | undefined> {
  if (!ObjectId.safeParse(attachmentId).success) return undefined;
  const stored = await deps.attachments.get({ accountId, attachmentId });
  if (!stored || (await lookForBytes(stored, deps)) !== 'READY') return undefined;
  const blobKey = mediaKeys.attachment(accountId, attachmentId);
  return { ...stored, state: 'READY', blobKey };
}
