import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Below this, the headers cost as much as is saved. */
const BYTES_MIN = 1_024;
/** Near the size of the best, in a fraction of its time: the viewer takes 0.1 s. */
const BROTLI_QUALITY = 5;

export type Encoding = 'br' | 'gzip' | 'identity';

/** The densest form that the caller takes, by its `Accept-Encoding`. */
export function chooseEncoding(acceptEncoding = ''): Encoding {
  const accepted = new Map(
    acceptEncoding
      .toLowerCase()
      .split(',')
      .map((each) => {
        const [name = '', ...parameters] = each.split(';').map((part) => part.trim());
        return [name, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))] as const;
      }),
  );
  if (accepted.get('br')) return 'br';
  return accepted.get('gzip') ? 'gzip' : 'identity';
}

/** The content in this encoding, and what says so. What is small stays as it is. */
export async function compress(
  content: Buffer,
  encoding: Encoding,
): Promise<{ content: Buffer; headers: Readonly<Record<string, string>> }> {
  const headers = { vary: 'accept-encoding' };
  if (content.length < BYTES_MIN) return { content, headers };
  switch (encoding) {
    case 'br':
      return {
        content: await promisify(brotliCompress)(content, {
          params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY },
        }),
        headers: { ...headers, 'content-encoding': encoding },
      };
    case 'gzip':
      return {
        content: await promisify(gzip)(content),
        headers: { ...headers, 'content-encoding': encoding },
      };
    case 'identity':
      return { content, headers };
  }
}
