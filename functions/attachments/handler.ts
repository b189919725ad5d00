import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { createAttachment } from './create-attachment.ts';
import { deleteAttachment } from './delete-attachment.ts';
import { listAttachments } from './list-attachments.ts';
import { showAttachment } from './show-attachment.ts';

export const operations = {
  createAttachment,
  listAttachments,
  showAttachment,
  deleteAttachment,
};

export const makeHandler = groupHandler('attachments', operations);

export const handler = makeHandler(getDeps);
