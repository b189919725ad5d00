import type { MediaKind } from '#shared/domain/message-content.ts';
import { type MediaFile, readHead } from './blob-file.ts';
import { inspectImage, type SeenImage, toSticker } from './inspect-image.ts';
import { MediaFailed } from './media-failed.ts';
import { readDuration } from './read-duration.ts';

/** A picture is opened whole; WhatsApp's own apps make theirs much smaller. */
const PICTURE_BYTES_MAX = 16 * 1024 * 1024;

/** A file as it is sent, and what a phone shows of it before it has the file. */
export type InspectedFile = {
  readonly file: MediaFile;
  readonly seconds?: number;
} & Partial<SeenImage>;

type Type = {
  readonly kind: MediaKind;
  readonly mimetype: string;
  readonly sniffed: string | undefined;
};

/** Throws `MediaFailed` for a picture that cannot be opened. */
export async function inspectFile(
  file: MediaFile,
  { kind, mimetype, sniffed }: Type,
): Promise<InspectedFile> {
  switch (kind) {
    case 'image':
      return { file, ...(await inspectImage(await readPicture(file))) };
    case 'sticker':
      return await inspectSticker(await readPicture(file), sniffed === mimetype);
    case 'audio':
    case 'video': {
      const seconds = await readDuration(file, mimetype);
      return { file, ...(seconds !== undefined && { seconds }) };
    }
    case 'document':
      return { file };
  }
}

/** A WebP stays as it is: it may move. */
async function inspectSticker(picture: Buffer, isSticker: boolean): Promise<InspectedFile> {
  const sticker = isSticker ? picture : await toSticker(picture);
  const { width, height } = await inspectImage(sticker);
  return { file: inMemory(sticker), width, height };
}

async function readPicture(file: MediaFile): Promise<Buffer> {
  if (file.bytes > PICTURE_BYTES_MAX) {
    const limit = `${PICTURE_BYTES_MAX / 1024 / 1024} MB`;
    throw new MediaFailed(
      'media_too_large',
      `A picture has at most ${limit}; it can be sent as a document.`,
    );
  }
  return await readHead(file, PICTURE_BYTES_MAX);
}

function inMemory(bytes: Buffer): MediaFile {
  return {
    bytes: bytes.length,
    async *read() {
      yield bytes;
    },
  };
}
