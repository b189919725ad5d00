import { createHash } from 'node:crypto';
import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { UPLOAD_URL_VALID_MS } from '#shared/domain/attachment.ts';
import type { AttachmentRef } from '#shared/repositories/attachment-repository.ts';
import type { Deps } from '../deps.ts';
import { toAttachmentView } from './to-attachment-view.ts';
import { tooManyAttachments } from './too-many-attachments.ts';
import type { UploadedFile } from './upload-fields.ts';

type Needs = Pick<Deps, 'attachments' | 'media'>;

/** The record comes first, as one that waits: whatever breaks off here leaves no bytes of which nobody knows. */
export async function keepUpload(
  { file: { file, fileName, mimetype } }: UploadedFile,
  { ref, at }: { ref: AttachmentRef; at: Date },
  { attachments, media }: Needs,
) {
  const bytes = await file.bytes();
  const attachment = {
    ...ref,
    fileName,
    mimetype,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    state: 'WAITING',
    uploadUntil: new Date(at.getTime() + UPLOAD_URL_VALID_MS).toISOString(),
    createdAt: at.toISOString(),
  } as const;
  if ((await attachments.create(attachment)) === 'full') throw tooManyAttachments();
  await media.put(mediaKeys.attachment(ref.accountId, ref.attachmentId), bytes);
  await attachments.markReady(ref);
  return toAttachmentView({ ...attachment, state: 'READY' });
}
