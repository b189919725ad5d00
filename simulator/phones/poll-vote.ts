import { createCipheriv, createHash } from 'node:crypto';

import { PollVoteMessage } from '#simulator/proto/messages.ts';
import { hmacSha256 } from '#simulator/signal/key-derivation.ts';

/** The length of the nonce of AES-GCM, as WhatsApp uses it. */
export const VOTE_IV_BYTES = 12;

/** Which poll is voted in, and who votes; jids without a device. */
export type Ballot = {
  readonly pollId: string;
  readonly creatorJid: string;
  readonly voterJid: string;
  /** `messageContextInfo.messageSecret` of the poll. */
  readonly secret: Uint8Array;
};

/**
 * Encrypts a vote so that only who has the poll can read it: a key derived from the poll's secret
 * and from who votes in what, AES-256-GCM (the reverse of Baileys' decryptPollVote).
 */
export function encryptPollVote(
  options: readonly string[],
  { pollId, creatorJid, voterJid, secret }: Ballot,
  iv: Buffer,
): { encPayload: Buffer; encIv: Buffer } {
  const selectedOptions = options.map((name) => createHash('sha256').update(name).digest());
  const purpose = Buffer.from(`${pollId}${creatorJid}${voterJid}Poll Vote\u0001`);
  const key = hmacSha256(hmacSha256(Buffer.alloc(32), secret), purpose);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(`${pollId}\0${voterJid}`));
  const encPayload = Buffer.concat([
    cipher.update(PollVoteMessage.encode({ selectedOptions })),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return { encPayload, encIv: iv };
}
