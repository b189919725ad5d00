import { MediaFailed } from './media-failed.ts';

/** Breaks off with `MediaFailed` as soon as more bytes come. */
export async function* limitBytes(
  pieces: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.byteLength;
    if (bytes > bytesMax) throw new MediaFailed('media_too_large', 'The file is too large.');
    yield piece;
  }
}
