import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { UPLOAD_URL_VALID_MS } from '#shared/domain/attachment.ts';
import type { AttachmentRef } from '#shared/repositories/attachment-repository.ts';
import type { Deps } from '../deps.ts';
import { toAttachmentView } from './to-attachment-view.ts';
import { tooManyAttachments } from './too-many-attachments.ts';
import type { UploadFields } from './upload-fields.ts';

type Needs = Pick<Deps, 'attachments' | 'media'>;

/** An attachment without its bytes, and the one request that brings them. */
export async function announceUpload(
  { fileName, mimetype, size }: UploadFields,
  { ref, at }: { ref: AttachmentRef; at: Date },
  { attachments, media }: Needs,
) {
  const key = mediaKeys.attachment(ref.accountId, ref.attachmentId);
  const { url, expiresAt } = await media.presignUpload(key, {
    expiresInMs: UPLOAD_URL_VALID_MS,
    contentType: mimetype,
    bytes: size,
  });
  const attachment = {
    ...ref,
    fileName,
    mimetype,
    size,
    state: 'WAITING',
    uploadUntil: expiresAt.toISOString(),
    createdAt: at.toISOString(),
  } as const;
  if ((await attachments.create(attachment)) === 'full') throw tooManyAttachments();
  return {
    ...toAttachmentView(attachment),
    upload: {
      method: 'PUT',
      url,
      headers: { 'content-type': mimetype },
      expiresAt: expiresAt.toISOString(),
    },
  };
}
