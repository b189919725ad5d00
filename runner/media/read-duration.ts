import { Readable } from 'node:stream';
import { parseFromTokenizer } from 'music-metadata';
import { fromStream } from 'strtok3';
import type { MediaFile } from './blob-file.ts';

/** The longest piece that is read as one: a cover is left out, and what is larger is no honest file. */
const PIECE_BYTES_MAX = 4 * 1024 * 1024;
/** Some formats tell their length on their last page alone. */
const READ_TIMEOUT_MS = 10_000;

/** How long the file plays, in whole seconds; `undefined` when it does not say. */
export async function readDuration(file: MediaFile, mimetype: string): Promise<number | undefined> {
  const stream = Readable.from(file.read(), { objectMode: false });
  const [mimeType] = mimetype.split(';');
  try {
    const tokenizer = await fromStream(stream, {
      fileInfo: { size: file.bytes, ...(mimeType !== undefined && { mimeType }) },
      maxBufferSize: PIECE_BYTES_MAX,
      abortSignal: AbortSignal.timeout(READ_TIMEOUT_MS),
    });
    const { format } = await parseFromTokenizer(tokenizer, { duration: true, skipCovers: true });
    return toSeconds(format.duration);
  } catch {
    // A file that does not say how long it is plays all the same, and storage that is away is met again at once.
    return undefined;
  } finally {
    stream.destroy();
  }
}

function toSeconds(duration: number | undefined): number | undefined {
  if (duration === undefined || !Number.isFinite(duration) || duration <= 0) return undefined;
  return Math.max(1, Math.round(duration));
}
