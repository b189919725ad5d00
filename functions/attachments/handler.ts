import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { createAttachment } from './create-attachment.ts';
import { deleteAttachment } from './delete-attachment.ts';
import { listAttachments } from './list-attachments.ts';
import { showAttachment } from './show-attachment.ts';

export const makeHandler = groupHandler('attachments', {
  createAttachment,
  listAttachments,
  showAttachment,
  deleteAttachment,
});

export const handler = makeHandler(getDeps);
