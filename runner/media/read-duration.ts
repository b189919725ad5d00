import { parseFromTokenizer } from 'music-metadata';
import type { MediaFile } from './blob-file.ts';
import { BudgetedTokenizer } from './budgeted-tokenizer.ts';

/** Some formats tell their length on their last page alone. */
const READ_TIMEOUT_MS = 10_000;

/** How long the file plays, in whole seconds; `undefined` when it does not say. */
export async function readDuration(file: MediaFile, mimetype: string): Promise<number | undefined> {
  const [type = mimetype] = mimetype.split(';');
  const tokenizer = new BudgetedTokenizer(file, type, AbortSignal.timeout(READ_TIMEOUT_MS));
  try {
    const { format } = await parseFromTokenizer(tokenizer, { duration: true, skipCovers: true });
    return toSeconds(format.duration);
  } catch {
    // A file that does not say how long it is plays all the same, and storage that is away is met again at once.
    return undefined;
  } finally {
    await tokenizer.close();
  }
}

function toSeconds(duration: number | undefined): number | undefined {
  if (duration === undefined || !Number.isFinite(duration) || duration <= 0) return undefined;
  return Math.max(1, Math.round(duration));
}
