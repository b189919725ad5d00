import { mediaKeys } from '#shared/contracts/media-keys.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { noContent } from '../http/reply.ts';
import { attachmentInPath, noSuchAttachment } from './attachment-in-path.ts';

/** Bytes and record are gone from the next call on; the bytes first, so that one that breaks off can be repeated. */
export const deleteAttachment = defineRoute({
  auth: 'either',
  async run({ caller, request }, { attachments, media }: Pick<Deps, 'attachments' | 'media'>) {
    const ref = attachmentInPath(caller, request);
    const attachment = await attachments.get(ref);
    if (attachment === undefined) throw noSuchAttachment();
    await media.delete(mediaKeys.attachment(ref.accountId, ref.attachmentId));
    if (await attachments.remove(attachment)) return noContent();
    throw noSuchAttachment();
  },
});
