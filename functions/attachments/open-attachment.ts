import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { ObjectId } from '#shared/domain/identifier.ts';
import type { AttachmentRef } from '#shared/repositories/attachment-repository.ts';
import { type SettledAttachment, type SettleNeeds, settleAttachment } from './settle-attachment.ts';

export type OpenAttachment = SettledAttachment & { readonly blobKey: string };

/** The account's attachment that a message names, when its bytes are there. Text that is no id names none. */
export async function openAttachment(
  { accountId, attachmentId }: AttachmentRef,
  deps: SettleNeeds,
): Promise<OpenAttachment | undefined> {
  if (!ObjectId.safeParse(attachmentId).success) return undefined;
  const stored = await deps.attachments.get({ accountId, attachmentId });
  const settled = stored && (await settleAttachment(stored, deps));
  if (settled?.state !== 'READY') return undefined;
  return { ...settled, blobKey: mediaKeys.attachment(accountId, attachmentId) };
}
