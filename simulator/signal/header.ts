import { parsePreKeyWhisper, parseSenderKeyMessage, parseWhisper } from './wire-messages.ts';

/**
 * Where a message stands in its ratchet, read without decrypting: two messages of one sender to
 * one receiver must never stand at the same place. `chain` is the ratchet key in hex, or the
 * number of the sender key. Throws SignalError 'malformed'.
 */
export function readRatchetPosition(
  type: 'pkmsg' | 'msg' | 'skmsg',
  ciphertext: Uint8Array,
): { chain: string; counter: number } {
  if (type === 'skmsg') {
    const { id, iteration } = parseSenderKeyMessage(ciphertext);
    return { chain: String(id), counter: iteration };
  }
  const { ratchetKey, counter } =
    type === 'pkmsg' ? parsePreKeyWhisper(ciphertext).message : parseWhisper(ciphertext);
  return { chain: ratchetKey.toString('hex'), counter };
}
