import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const OWNER_ONLY = { folder: 0o700, file: 0o600 } as const;

/** What a blob is written from: whole, or as it arrives. */
export type Bytes = Uint8Array | AsyncIterable<Uint8Array>;

/** More bytes came than may be written. Nothing was kept. */
export class TooManyBytes extends Error {
  override readonly name = 'TooManyBytes';

  constructor(bytesMax: number) {
    super(`There are more than ${bytesMax} bytes.`);
  }
}

/** Where a file was written, and how long it is. */
type FreshFile = { readonly path: string; readonly bytes: number };

/** Writes a new file with a name of its own in the folder, durably; the caller moves it to its place. */
export async function writeFreshFile(
  folder: string,
  bytes: Bytes,
  bytesMax: number,
): Promise<FreshFile> {
  const path = join(folder, randomUUID());
  const file = await open(path, 'wx', OWNER_ONLY.file);
  try {
    await file.writeFile(capped(bytes, bytesMax));
    await file.sync();
    return { path, bytes: (await file.stat()).size };
  } catch (cause) {
    await rm(path, { force: true });
    throw cause;
  } finally {
    await file.close();
  }
}

/** Makes what names the folder holds now survive a power cut. A folder that is gone holds no names. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT')) throw cause;
  }
}

/** Makes the folder and those above it, durably. */
export async function makeFolder(path: string): Promise<void> {
  const lowest = resolve(path);
  const firstMade = await mkdir(lowest, { recursive: true, mode: OWNER_ONLY.folder });
  if (firstMade === undefined) return;
  // A name is durable when the folder that holds it is synced.
  const highest = dirname(resolve(firstMade));
  for (let folder = lowest; folder.length > highest.length; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
  }
}

/** Removes the files that were last written before the time: a killed process left them behind. */
export async function removeOldFiles(folder: string, before: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(ignoreMissing);
    if (found !== undefined && found.mtime < before) await rm(path, { force: true });
  }
}

export function hasCode(cause: unknown, ...codes: readonly string[]): boolean {
  return cause instanceof Error && 'code' in cause && codes.includes(String(cause.code));
}

function ignoreMissing(cause: unknown): undefined {
  if (!hasCode(cause, 'ENOENT')) throw cause;
}

async function* capped(bytes: Bytes, bytesMax: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
    total += chunk.byteLength;
    if (total > bytesMax) throw new TooManyBytes(bytesMax);
    yield chunk;
  }
}
