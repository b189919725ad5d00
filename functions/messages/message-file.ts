import * as z from 'zod';
import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { DomainError } from '#shared/domain/error.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { decideMediaType } from '#shared/domain/media-type.ts';
import type { MediaKind, MediaSource } from '#shared/domain/message-content.ts';
import { openAttachment } from '../attachments/open-attachment.ts';
import type { Deps } from '../deps.ts';
import { validationFailed } from '../http/validate.ts';
import { optional } from './message-fields.ts';

const FILE_NAME_LENGTH_MAX = 255;

/** Where the file of a message comes from: the call itself, or an attachment that was uploaded before. */
export const FILE_FIELDS = {
  file: z.instanceof(File, { error: 'must be a file' }).optional(),
  attachmentId: optional(z.string()),
} as const;

export const FileName = z
  .string()
  .trim()
  .max(FILE_NAME_LENGTH_MAX)
  .regex(/^[^\p{Cc}\p{Cs}/\\]*$/u, 'must be the name of a file, without a path');

type FileFields = {
  readonly file?: File | undefined;
  readonly attachmentId?: string | undefined;
};
/** A message to be, whose file is still in our hands. */
export type FileToStore = { readonly messageId: string; readonly bytes: Uint8Array };
/** A file that lies in our store, or is to be there before its message is, and what is known of it. */
export type MessageFile = {
  readonly source: MediaSource;
  readonly mimetype: string;
  readonly fileName: string;
  readonly toStore?: FileToStore;
};
type Needs = Pick<Deps, 'attachments' | 'media' | 'newUlid' | 'now'>;

/** Looks at the file of the call, or finds the attachment that it names. Throws what is wrong with either. */
export async function takeFile(
  instance: Instance,
  { file, attachmentId = '' }: FileFields,
  kind: MediaKind,
  deps: Needs,
): Promise<MessageFile> {
  if (file === undefined && attachmentId === '') {
    throw validationFailed([{ path: 'file', message: 'is required, or an attachmentId' }]);
  }
  if (file && attachmentId !== '') {
    throw validationFailed([{ path: 'attachmentId', message: 'must not be there beside a file' }]);
  }
  return file
    ? await lookAtFile(instance, file, { kind, deps })
    : await findAttachment(instance, { attachmentId, path: 'attachmentId' }, deps);
}

/** Throws `not_found` with the `path` of the field. */
export async function findAttachment(
  { accountId }: Instance,
  { attachmentId, path }: { attachmentId: string; path: string },
  deps: Pick<Deps, 'attachments' | 'media' | 'now'>,
): Promise<MessageFile> {
  const attachment = await openAttachment({ accountId, attachmentId }, deps);
  if (attachment === undefined) {
    throw new DomainError('not_found', 'There is no such attachment, or it was not uploaded yet.', {
      details: [{ path, message: 'names no attachment that is ready' }],
    });
  }
  const { blobKey, mimetype, fileName } = attachment;
  return { source: { kind: 'blob', key: blobKey }, mimetype, fileName };
}

/** To be called when nothing else can refuse the call: whoever sends has no right to delete. */
export async function storeFile(
  { instanceId }: Instance,
  { messageId, bytes }: FileToStore,
  { media }: Pick<Deps, 'media'>,
): Promise<void> {
  await media.put(mediaKeys.sent(instanceId, messageId), bytes);
}

async function lookAtFile(
  { instanceId }: Instance,
  file: File,
  { kind, deps }: { kind: MediaKind; deps: Pick<Deps, 'newUlid'> },
): Promise<MessageFile> {
  const bytes = await file.bytes();
  if (bytes.length === 0) throw validationFailed([{ path: 'file', message: 'must not be empty' }]);
  // What knows the types of files is large: calls without a file start faster without it.
  const { SNIFFED_BYTES, sniffType } = await import('#shared/media/sniff-type.ts');
  const sniffed = await sniffType(bytes.subarray(0, SNIFFED_BYTES));
  const type = decideMediaType(kind, { claimed: file.type, sniffed, fileName: file.name });
  if (type.kind === 'refused')
    throw validationFailed([{ path: 'file', message: `is of another type. ${type.reason}` }]);
  const messageId = deps.newUlid();
  const source = { kind: 'blob', key: mediaKeys.sent(instanceId, messageId) } as const;
  const { mimetype } = type;
  return { source, mimetype, fileName: file.name, toStore: { messageId, bytes } };
}
