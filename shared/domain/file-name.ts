import * as z from 'zod';

/** What the file systems of phones and computers take. */
const FILE_NAME_BYTES_MAX = 255;
/** A longer one is no extension, but a part of the name that has a dot before it. */
const EXTENSION_LENGTH_MAX = 16;
const NAMELESS = 'file';

/**
 * What no name of a file should have: control characters, line separators, halves of surrogate pairs, and the marks
 * of direction with which `gpj.exe` can be made to look like `exe.jpg`.
 */
const HARMFUL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** A file's name at the border, in the form of `toFileName`. */
export const FileName = z.string().min(1).transform(toFileName);

/** The name without the folders before it and without what is harmful, at most 255 bytes of it; `file` for none. */
export function toFileName(text: string): string {
  const name = (text.split(/[/\\]/).at(-1) ?? '').replace(HARMFUL, '').trim();
  return /^\.*$/.test(name) ? NAMELESS : fitted(name);
}

/** Cut between characters, before the extension. */
function fitted(name: string): string {
  if (bytesOf(name) <= FILE_NAME_BYTES_MAX) return name;
  const extension = /[^.](\.[^.]+)$/.exec(name)?.[1] ?? '';
  const kept = extension.length <= EXTENSION_LENGTH_MAX ? extension : '';
  let stem = '';
  let bytes = bytesOf(kept);
  for (const character of name.slice(0, name.length - kept.length)) {
    bytes += bytesOf(character);
    if (bytes > FILE_NAME_BYTES_MAX) break;
    stem += character;
  }
  return stem + kept;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
