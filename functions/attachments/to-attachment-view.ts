import type { SettledAttachment } from './settle-attachment.ts';

/** An attachment as its account sees it. It stays until it is deleted, so it never expires. */
export function toAttachmentView(attachment: SettledAttachment) {
  const { attachmentId, fileName, mimetype, size, sha256, state, createdAt } = attachment;
  return {
    _id: attachmentId,
    fileName,
    mimetype,
    size,
    sha256: sha256 ?? null,
    state,
    createdAt,
    expiresAt: null,
  };
}
