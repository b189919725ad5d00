import { accountOf } from '../http/authorize.ts';
import { defineRoute } from '../http/define-route.ts';
import { PageQuery, readPage } from '../http/page-query.ts';
import { ok } from '../http/reply.ts';
import { deleteLateUploads } from './delete-late-uploads.ts';
import { type SettleNeeds, settleAttachments } from './settle-attachment.ts';
import { toAttachmentView } from './to-attachment-view.ts';

/** The account's attachments page by page, newest first. `cursor` asks for the next page, `null` after the last. */
export const listAttachments = defineRoute({
  auth: 'either',
  query: PageQuery,
  async run({ caller, query }, deps: SettleNeeds) {
    const accountId = accountOf(caller);
    await deleteLateUploads(accountId, deps);
    const page = await readPage(() => deps.attachments.list(accountId, query));
    const settled = await settleAttachments(page.attachments, deps);
    return ok('Attachments fetched successfully!', {
      attachments: settled.map(toAttachmentView),
      cursor: page.cursor ?? null,
    });
  },
});
