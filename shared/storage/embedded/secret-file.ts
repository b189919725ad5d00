import { link, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode, syncFolder, writeFreshFile } from './durable-files.ts';

const SECRET_BYTES = 32;

/** The secret in the file, made at the first call; of several processes that make it, all get the one that stays. */
export async function readOrMakeSecret(
  path: string,
  randomBytes: (size: number) => Buffer,
): Promise<string> {
  const known = await read(path);
  if (known !== undefined) return known;
  const secret = Buffer.from(randomBytes(SECRET_BYTES).toString('base64url'));
  const { path: fresh } = await writeFreshFile(dirname(path), secret, secret.byteLength);
  try {
    await link(fresh, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST')) throw cause;
  } finally {
    await rm(fresh, { force: true });
  }
  return await readFile(path, 'utf8');
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw cause;
  }
}
