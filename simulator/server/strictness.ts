import { createHash } from 'node:crypto';

import { addressKey, type DeviceAddress } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import type { Encrypted } from '#simulator/phones/phone-cipher.ts';
import { readRatchetPosition } from '#simulator/signal/header.ts';
import { SignalError } from '#simulator/signal/signal-error.ts';
import type { MessageView } from '#simulator/store/message-view.ts';
import type { SentId } from '#simulator/store/wire-records.ts';

// What a correct client never does. Each is counted once for each stanza that does it:
// - ratchetReused: the same (sender device, recipient, ratchet key or sender key id, counter) with
//   another ciphertext than the first time. Read from the header alone.
// - evictedFrames: a stanza read from a socket after a newer login of its device was answered
//   (server/companion-session.ts).
// - duplicateIds: a message id used again by the same device for another content or chat, or again
//   on the login that has its ack already, when no retry receipt asked for it. Sending the same
//   message again on a later login, after a nack, or when the ack was lost, is legal: `resent`.

type Needs = Pick<Network, 'store'>;

/** Notes the places in the sender's ratchets that these ciphertexts use. */
export function noteRatchets(
  from: DeviceAddress,
  parts: readonly { readonly recipient: string; readonly encrypted: Encrypted }[],
  { store }: Needs,
): void {
  const reused = parts.filter(({ recipient, encrypted }) => {
    const position = readPosition(encrypted);
    if (!position) return false;
    const digest = createHash('sha256').update(encrypted.ciphertext).digest();
    const claim = { sender: addressKey(from), recipient, ...position };
    return !store.wire.claimPosition(claim, digest).equals(digest);
  });
  const first = reused[0];
  if (!first) return;
  store.counters.addViolation(
    'ratchetReused',
    `${addressKey(from)} to ${first.recipient}, ${first.encrypted.type}`,
  );
}

/** Notes that a device uses a message id on this login; `acked` is whether its ack will go out. */
export function noteMessageId(
  from: DeviceAddress & { readonly loginNo: number },
  use: { readonly id: string; readonly chat: string; readonly acked: boolean },
  { store }: Needs,
): void {
  const before = store.wire.findSentId(from, use.id);
  const verdict = before ? judgeReuse(before, { ...use, loginNo: from.loginNo }) : 'first';
  if (verdict === 'duplicate') {
    store.counters.addViolation('duplicateIds', `${use.id} again from ${addressKey(from)}`);
  }
  if (verdict === 'resent' || verdict === 'retry') store.counters.add('messagesResent');
  store.wire.putSentId(from, use.id, {
    chat: before?.chat ?? use.chat,
    loginNo: from.loginNo,
    acked: use.acked,
    retriesAsked: before?.retriesAsked ?? 0,
    retriesUsed: (before?.retriesUsed ?? 0) + (verdict === 'retry' ? 1 : 0),
    fingerprint: before?.fingerprint,
  });
}

/** A recipient asks the device to send this message again. */
export function noteRetryAsked(from: DeviceAddress, id: string, { store }: Needs): void {
  const sent = store.wire.findSentId(from, id);
  if (sent) store.wire.putSentId(from, id, { ...sent, retriesAsked: sent.retriesAsked + 1 });
}

/** A phone read what a companion sent under this id; it must be the same each time. */
export function noteContent(
  from: DeviceAddress,
  { id, view }: { readonly id: string; readonly view: MessageView },
  { store }: Needs,
): void {
  const sent = store.wire.findSentId(from, id);
  if (!sent) return;
  const fingerprint = createHash('sha256').update(JSON.stringify(view)).digest('base64url');
  if (sent.fingerprint === fingerprint) return;
  // The new content is kept, so that the other phones which read the same stanza count nothing.
  store.wire.putSentId(from, id, { ...sent, fingerprint });
  if (sent.fingerprint === undefined) return;
  store.counters.addViolation('duplicateIds', `${id} from ${addressKey(from)}, other content`);
}

/** Whether using an id again is a retry that was asked for, an allowed repetition, or wrong. */
export function judgeReuse(
  before: SentId,
  use: { readonly chat: string; readonly loginNo: number },
): 'duplicate' | 'retry' | 'resent' {
  if (before.chat !== use.chat) return 'duplicate';
  if (before.retriesAsked > before.retriesUsed) return 'retry';
  return before.acked && before.loginNo === use.loginNo ? 'duplicate' : 'resent';
}

function readPosition({
  type,
  ciphertext,
}: Encrypted): { chain: string; counter: number } | undefined {
  try {
    return readRatchetPosition(type, ciphertext);
  } catch (error) {
    if (error instanceof SignalError) return undefined;
    throw error;
  }
}
