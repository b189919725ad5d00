import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import { decryptMedia, encryptMedia, type MediaKind } from '#simulator/media/media-cipher.ts';
import type { Network } from '#simulator/network.ts';
import { Message } from '#simulator/proto/messages.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';

import { mediaOf } from './media-view.ts';

type Needs = Pick<Network, 'mediaFiles' | 'mediaHost' | 'now'>;

/** The kinds of media that a phone can send. */
export const SENDABLE_MEDIA = ['image', 'video', 'audio', 'document', 'sticker'] as const;
type SendableMedia = (typeof SENDABLE_MEDIA)[number] & MediaKind;

/** A file that a phone is told to send. */
export type NewMedia = {
  readonly type: SendableMedia;
  readonly mimetype: string;
  readonly bytes: Buffer;
  readonly caption?: string | undefined;
  readonly fileName?: string | undefined;
};

/** What the phone found when it fetched the media of a message. */
export type MediaOutcome =
  | { readonly kind: 'opened'; readonly mimetype: string; readonly bytes: Buffer }
  | { readonly kind: 'no_media' }
  | { readonly kind: 'not_uploaded' }
  | { readonly kind: 'damaged' };

/** Fetches a message's media from the media server, checks its MAC and hash, and decrypts it. */
export async function openMedia(
  message: MessageRecord,
  { mediaFiles }: Pick<Needs, 'mediaFiles'>,
): Promise<MediaOutcome> {
  const media = mediaOf(Message.decode(message.content));
  if (!media) return { kind: 'no_media' };
  const ciphertext = await mediaFiles.load(media.directPath);
  if (!ciphertext) return { kind: 'not_uploaded' };
  const bytes = decryptOrNothing(media.kind, ciphertext, media.mediaKey);
  const isWhole = bytes && createHash('sha256').update(bytes).digest().equals(media.sha256);
  return isWhole ? { kind: 'opened', mimetype: media.mimetype, bytes } : { kind: 'damaged' };
}

/** Encrypts the file, puts it on the media server, and returns the message that points to it. */
export async function uploadMedia(media: NewMedia, needs: Needs): Promise<Message> {
  const { ciphertext, mediaKey, fileSha256, fileEncSha256 } = encryptMedia(media.type, media.bytes);
  const outcome = await needs.mediaFiles.save(Readable.from([ciphertext]), fileEncSha256);
  if (outcome.kind !== 'saved') throw new Error(`The media was not saved: ${outcome.kind}.`);
  const { directPath } = outcome;
  const fields = {
    url: `https://${needs.mediaHost.hostName}${directPath}`,
    directPath,
    mimetype: media.mimetype,
    fileLength: media.bytes.length,
    mediaKey,
    fileSha256,
    fileEncSha256,
    mediaKeyTimestamp: Math.floor(needs.now().getTime() / 1_000),
  };
  return toMessage(media, fields);
}

type UploadedFields = {
  readonly url: string;
  readonly directPath: string;
  readonly mimetype: string;
  readonly fileLength: number;
  readonly mediaKey: Buffer;
  readonly fileSha256: Buffer;
  readonly fileEncSha256: Buffer;
  readonly mediaKeyTimestamp: number;
};

function toMessage({ type, caption, fileName }: NewMedia, fields: UploadedFields): Message {
  switch (type) {
    case 'image':
      return { imageMessage: { ...fields, caption } };
    case 'video':
      return { videoMessage: { ...fields, caption } };
    case 'audio':
      return { audioMessage: fields };
    case 'sticker':
      return { stickerMessage: fields };
    case 'document': {
      const name = fileName ?? 'file';
      return { documentMessage: { ...fields, caption, fileName: name, title: name } };
    }
  }
}

function decryptOrNothing(
  kind: MediaKind,
  ciphertext: Buffer,
  mediaKey: Buffer,
): Buffer | undefined {
  try {
    return decryptMedia(kind, ciphertext, mediaKey);
  } catch {
    // A wrong MAC and, behind a right one, a wrong padding are the same: the file cannot be opened.
    return undefined;
  }
}
