import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListOptions } from '../blobs.ts';
import { compareUtf8 } from '../rules/compare-utf8.ts';
import { parseName, toFolderParts } from './blob-path.ts';
import { hasCode } from './durable-files.ts';

/** What stands for the entry in the order of keys: all keys in a folder begin with its name and a slash. */
type Entry = { readonly kind: 'blob' | 'folder'; readonly text: string; readonly name: string };

/**
 * The keys under the root that begin with the prefix, in order of their UTF-8 bytes; one folder at a time in memory.
 * With `after` those behind it.
 */
export async function* listKeys(
  root: string,
  prefix: string,
  { after }: ListOptions = {},
): AsyncGenerator<string> {
  const segments = prefix.split('/');
  const beginning = segments.pop() ?? '';
  if (segments.includes('')) return;
  const above = segments.map((segment) => `${segment}/`).join('');
  yield* walk(join(root, ...toFolderParts(segments)), above, { beginning, after });
}

type Wanted = { readonly beginning: string; readonly after: string | undefined };

async function* walk(
  folder: string,
  above: string,
  { beginning, after }: Wanted,
): AsyncGenerator<string> {
  const entries = (await readFolder(folder))
    .flatMap(toEntries)
    .filter(({ text }) => text.startsWith(beginning))
    .filter(({ text }) => after === undefined || mayBeBehind(after, above + text))
    .sort((a, b) => compareUtf8(a.text, b.text));
  for (const { kind, text, name } of entries) {
    if (kind === 'blob') yield above + text;
    else yield* walk(join(folder, name), above + text, { beginning: '', after });
  }
}

/** Whether a key is behind `after`, or those that begin with a folder may be. */
function mayBeBehind(after: string, keyOrFolder: string): boolean {
  const isAround = keyOrFolder.endsWith('/') && after.startsWith(keyOrFolder);
  return isAround || compareUtf8(keyOrFolder, after) > 0;
}

async function readFolder(path: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENAMETOOLONG')) return [];
    throw cause;
  }
}

/** Nothing for a file that somebody else put there. */
function toEntries(dirent: Dirent): readonly Entry[] {
  const parsed = parseName(dirent.name);
  if (parsed === undefined) return [];
  const { kind, segment } = parsed;
  return [{ kind, name: dirent.name, text: kind === 'blob' ? segment : `${segment}/` }];
}
