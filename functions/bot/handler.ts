import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { createKeyword } from './create-keyword.ts';
import { deleteKeyword } from './delete-keyword.ts';
import { listKeywords } from './list-keywords.ts';
import { previewReply } from './preview-reply.ts';
import { replaceKeyword } from './replace-keyword.ts';
import { showKeyword } from './show-keyword.ts';

export const operations = {
  createKeyword,
  listKeywords,
  showKeyword,
  replaceKeyword,
  deleteKeyword,
  previewReply,
};

export const makeHandler = groupHandler('bot', operations);

export const handler = makeHandler(getDeps);
