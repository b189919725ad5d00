import { createCipheriv, createDecipheriv } from 'node:crypto';

import { SignalError } from './signal-error.ts';

type CipherInput = { readonly cipherKey: Buffer; readonly iv: Buffer };

/** AES-256-CBC with PKCS #7 padding. */
export function encryptBlocks({ cipherKey, iv }: CipherInput, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}

/** Throws SignalError 'malformed' when the padding is wrong. */
export function decryptBlocks({ cipherKey, iv }: CipherInput, ciphertext: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch (cause) {
    throw new SignalError('malformed', 'The ciphertext has a wrong padding.', { cause });
  }
}
