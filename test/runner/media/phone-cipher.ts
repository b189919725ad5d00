import { buffer } from 'node:stream/consumers';
import {
  decryptMedia,
  type EncryptedFile,
  encryptMedia,
  type MediaKind,
  randomMediaKey,
} from '#simulator/media/media-cipher.ts';

type Sealed = EncryptedFile & { readonly ciphertext: Buffer; readonly mediaKey: Uint8Array };

/** A whole file as a phone encrypts it: the simulator's cipher knows nothing of ours. */
export async function encryptAsPhone(
  kind: MediaKind,
  plain: Uint8Array,
  mediaKey: Uint8Array = randomMediaKey(),
): Promise<Sealed> {
  let described: EncryptedFile | undefined;
  const stream = encryptMedia(once(plain), { kind, mediaKey }, (file) => {
    described = file;
  });
  const ciphertext = await buffer(stream);
  if (described === undefined) throw new Error('The file was not described.');
  return { ...described, ciphertext, mediaKey };
}

/** As a phone opens it. */
export async function decryptAsPhone(
  kind: MediaKind,
  ciphertext: AsyncIterable<Buffer>,
  mediaKey: Uint8Array,
): Promise<Buffer> {
  return await buffer(decryptMedia(ciphertext, { kind, mediaKey }));
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}
