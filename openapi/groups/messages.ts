import type { GroupDocs } from '../operation-doc.ts';
import { amendDocs } from './messages/amend.ts';
import { followDocs } from './messages/follow.ts';
import { sendDocs } from './messages/send.ts';
import { sendFilesDocs } from './messages/send-files.ts';
import { sendMenusDocs } from './messages/send-menus.ts';

export const messagesDocs = {
  ...sendDocs,
  ...sendFilesDocs,
  ...sendMenusDocs,
  ...amendDocs,
  ...followDocs,
} satisfies GroupDocs<'messages'>;
