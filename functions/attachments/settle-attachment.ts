import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { type Attachment, stateOf } from '#shared/domain/attachment.ts';
import type { Deps } from '../deps.ts';

export type SettleNeeds = Pick<Deps, 'attachments' | 'media' | 'now'>;

/** An attachment with what is true of it now. */
export type SettledAttachment = Omit<Attachment, 'state'> & {
  readonly state: 'WAITING' | 'READY' | 'EXPIRED';
};

/** What is true of it. Looks for the bytes of one that waits for them, and keeps that they are there. */
export async function lookForBytes(
  attachment: Attachment,
  { attachments, media, now }: SettleNeeds,
): Promise<ReturnType<typeof stateOf>> {
  if (attachment.state === 'READY') return 'READY';
  const key = mediaKeys.attachment(attachment.accountId, attachment.attachmentId);
  const found = await media.stat(key);
  const state = stateOf(attachment, found?.bytes, now());
  if (state === 'READY') await attachments.markReady(attachment);
  return state;
}

/** One that nobody has uploaded is cleaned away some time after its URL ran out, and is `undefined` from then on. */
export async function settleAttachment(
  attachment: Attachment,
  deps: SettleNeeds,
): Promise<SettledAttachment | undefined> {
  const [settled] = await settleAttachments([attachment], deps);
  return settled;
}

/** The same of several. They are cleaned away one by one: each changes the count of its account. */
export async function settleAttachments(
  attachments: readonly Attachment[],
  deps: SettleNeeds,
): Promise<SettledAttachment[]> {
  const looked = await Promise.all(
    attachments.map(async (each) => ({ each, state: await lookForBytes(each, deps) })),
  );
  const settled: SettledAttachment[] = [];
  for (const { each, state } of looked) {
    if (state === 'gone') await deps.attachments.removeWaiting(each);
    else settled.push({ ...each, state });
  }
  return settled;
}
