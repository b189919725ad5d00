import { Readable } from 'node:stream';

import {
  decryptMedia,
  type EncryptedFile,
  encryptMedia,
  inspectMedia,
  MediaError,
  type MediaKind,
  randomMediaKey,
} from '#simulator/media/media-cipher.ts';
import type { Network } from '#simulator/network.ts';
import { Message } from '#simulator/proto/messages.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';

import { type MediaReference, mediaOf } from './media-view.ts';

type Needs = Pick<Network, 'mediaFiles' | 'mediaHost' | 'now'>;

/** The kinds of media that a phone can send. */
export const SENDABLE_MEDIA = ['image', 'video', 'audio', 'document', 'sticker'] as const;
type SendableMedia = (typeof SENDABLE_MEDIA)[number] & MediaKind;

/** What a phone is told of a file that it shall send. */
export type NewMedia = {
  readonly type: SendableMedia;
  readonly mimetype: string;
  readonly caption?: string | undefined;
  readonly fileName?: string | undefined;
  /** A voice note. */
  readonly ptt?: boolean | undefined;
  /** A video that plays again and again, without sound. */
  readonly gif?: boolean | undefined;
};

/** What the phone found when it fetched the media of a message. */
export type MediaOutcome =
  | {
      readonly kind: 'opened';
      readonly mimetype: string;
      readonly size: number;
      readonly bytes: Readable;
    }
  | { readonly kind: 'no_media' }
  | { readonly kind: 'not_uploaded' }
  | { readonly kind: 'damaged' };

/**
 * Fetches a message's media from the media server and decrypts it. The whole file is checked (MAC
 * and hash) before its first byte is given out: files never change, so the second reading is safe.
 */
export async function openMedia(
  message: MessageRecord,
  { mediaFiles }: Pick<Needs, 'mediaFiles'>,
): Promise<MediaOutcome> {
  const media = mediaOf(Message.decode(message.content));
  if (!media) return { kind: 'no_media' };
  const { directPath, mimetype } = media;
  if ((await mediaFiles.sizeOf(directPath)) === undefined) return { kind: 'not_uploaded' };
  const size = await sizeOfWhole(media, mediaFiles);
  if (size === undefined) return { kind: 'damaged' };
  const bytes = Readable.from(decryptMedia(mediaFiles.read(directPath), media));
  return { kind: 'opened', mimetype, size, bytes };
}

/** Undefined when the file is not what its message says. */
async function sizeOfWhole(
  media: MediaReference,
  mediaFiles: Needs['mediaFiles'],
): Promise<number | undefined> {
  try {
    const { size, sha256 } = await inspectMedia(mediaFiles.read(media.directPath), media);
    return sha256.equals(media.sha256) ? size : undefined;
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}

/** Encrypts the file, puts it on the media server, and returns the message that points to it. */
export async function uploadMedia(
  media: NewMedia,
  source: AsyncIterable<Uint8Array>,
  { mediaFiles, mediaHost, now }: Needs,
): Promise<Message> {
  const mediaKey = randomMediaKey();
  let file: EncryptedFile | undefined;
  const encrypted = encryptMedia(source, { kind: media.type, mediaKey }, (done) => {
    file = done;
  });
  const outcome = await mediaFiles.save(encrypted);
  if (outcome.kind !== 'saved' || !file) {
    throw new Error(`The media was not saved: ${outcome.kind}.`);
  }
  const { directPath } = outcome;
  return toMessage(media, {
    url: `https://${mediaHost.hostName}${directPath}`,
    directPath,
    mimetype: media.mimetype,
    mediaKey,
    ...file,
    mediaKeyTimestamp: Math.floor(now().getTime() / 1_000),
  });
}

type UploadedFields = EncryptedFile & {
  readonly url: string;
  readonly directPath: string;
  readonly mimetype: string;
  readonly mediaKey: Buffer;
  readonly mediaKeyTimestamp: number;
};

function toMessage(
  { type, caption, fileName, ptt, gif }: NewMedia,
  fields: UploadedFields,
): Message {
  switch (type) {
    case 'image':
      return { imageMessage: { ...fields, caption } };
    case 'video':
      return { videoMessage: { ...fields, caption, gifPlayback: gif } };
    case 'audio':
      return { audioMessage: { ...fields, ptt } };
    case 'sticker':
      return { stickerMessage: fields };
    case 'document': {
      const name = fileName ?? 'file';
      return { documentMessage: { ...fields, caption, fileName: name, title: name } };
    }
  }
}
