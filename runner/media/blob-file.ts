import type { Blobs } from '#shared/storage/blobs.ts';
import { MediaFailed } from './media-failed.ts';

/** A file that may be read again and again, and is never held whole. */
export type MediaFile = {
  readonly bytes: number;
  /** From its beginning; nothing is opened before the first piece is asked for. */
  read(): AsyncIterable<Uint8Array>;
};

/** Throws `MediaFailed` when the file is gone. */
export async function openBlobFile(
  key: string,
  blobs: Pick<Blobs, 'stat' | 'read'>,
): Promise<MediaFile> {
  const found = await blobs.stat(key);
  if (!found) throw gone();
  return {
    bytes: found.bytes,
    async *read() {
      const pieces = await blobs.read(key);
      if (!pieces) throw gone();
      yield* pieces;
    },
  };
}

/** The first bytes of the file, as many as there are. */
export async function readHead(file: MediaFile, bytesMax: number): Promise<Buffer> {
  const head = Buffer.alloc(Math.min(file.bytes, bytesMax));
  let bytes = 0;
  for await (const piece of file.read()) {
    head.set(piece.subarray(0, head.length - bytes), bytes);
    bytes += piece.byteLength;
    if (bytes >= head.length) break;
  }
  return head.subarray(0, bytes);
}

function gone(): MediaFailed {
  return new MediaFailed('media_gone', 'The file is no longer there.');
}
