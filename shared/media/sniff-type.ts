import { fileTypeFromBuffer } from 'file-type';

/** As many of a file's first bytes as its type is told from. */
export const SNIFFED_BYTES = 4_100;

/** The type that a file's first bytes have; `undefined` for text, and for what is not known. */
export async function sniffType(head: Uint8Array): Promise<string | undefined> {
  const found = await fileTypeFromBuffer(head.subarray(0, SNIFFED_BYTES));
  return found?.mime;
}
