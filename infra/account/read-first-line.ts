import type { Readable } from 'node:stream';

/** More than the longest password, in any letters. */
const BYTES_MAX = 4_096;

/** The text up to the first end of a line, or up to the end. */
export async function readFirstLine(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (bytes.includes('\n') || size > BYTES_MAX) break;
  }
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1);
  return line;
}
