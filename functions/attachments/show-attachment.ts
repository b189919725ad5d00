import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { attachmentInPath, noSuchAttachment } from './attachment-in-path.ts';
import { type SettledAttachment, type SettleNeeds, settleAttachment } from './settle-attachment.ts';
import { toAttachmentView } from './to-attachment-view.ts';

const DOWNLOAD_URL_VALID_MS = 60 * 60_000;

/** One attachment of the account, with a URL of its bytes when they are there. */
export const showAttachment = defineRoute({
  auth: 'either',
  async run({ caller, request }, deps: SettleNeeds) {
    const stored = await deps.attachments.get(attachmentInPath(caller, request));
    const attachment = stored && (await settleAttachment(stored, deps));
    if (!attachment) throw noSuchAttachment();
    return ok('Attachment fetched successfully!', {
      ...toAttachmentView(attachment),
      ...(await downloadOf(attachment, deps)),
    });
  },
});

async function downloadOf(
  { accountId, attachmentId, fileName, state }: SettledAttachment,
  { media }: Pick<SettleNeeds, 'media'>,
) {
  if (state !== 'READY') return { url: null, urlExpiresAt: null };
  const { url, expiresAt } = await media.presignDownload(
    mediaKeys.attachment(accountId, attachmentId),
    { expiresInMs: DOWNLOAD_URL_VALID_MS, fileName },
  );
  return { url, urlExpiresAt: expiresAt.toISOString() };
}
