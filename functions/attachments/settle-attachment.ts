import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { type Attachment, stateOf } from '#shared/domain/attachment.ts';
import type { Deps } from '../deps.ts';

export type SettleNeeds = Pick<Deps, 'attachments' | 'media' | 'now'>;

/** An attachment with what is true of it now. */
export type SettledAttachment = Omit<Attachment, 'state'> & {
  readonly state: 'WAITING' | 'READY' | 'EXPIRED';
};

/**
 * Looks for the bytes of one that waits for them, and keeps what it finds. One that nobody has uploaded is cleaned away
 * some time after its URL ran out, and is `undefined` from then on.
 */
export async function settleAttachment(
  attachment: Attachment,
  { attachments, media, now }: SettleNeeds,
): Promise<SettledAttachment | undefined> {
  if (attachment.state === 'READY') return { ...attachment, state: 'READY' };
  const key = mediaKeys.attachment(attachment.accountId, attachment.attachmentId);
  const found = await media.stat(key);
  const state = stateOf(attachment, found?.bytes, now());
  switch (state) {
    case 'READY':
      await attachments.markReady(attachment);
      return { ...attachment, state };
    case 'WAITING':
    case 'EXPIRED':
      return { ...attachment, state };
    case 'gone':
      await attachments.removeWaiting(attachment);
      return undefined;
  }
}
