import { stepChain } from './chain.ts';
import { SignalError } from './signal-error.ts';

/** How far ahead a message may be. Signal's libraries draw the same line for stored keys. */
const SKIPPED_KEYS_MAX = 2000;

/** A receiving chain as JSON: keys are base64, `next` is the counter that comes next. */
export type ReceivingChain = {
  readonly chainKey: string;
  readonly next: number;
  /** The secrets of messages that have not come yet, by counter. */
  readonly skipped: Readonly<Record<string, string>>;
};

/**
 * Takes the secret of message `counter` out of the chain, and keeps those which it jumps over.
 * Throws SignalError 'duplicate' (was taken before) or 'too_far_ahead'.
 */
export function takeMessageSecret<Chain extends ReceivingChain>(
  chain: Chain,
  counter: number,
  keptMax = SKIPPED_KEYS_MAX,
): { chain: Chain; messageSecret: Buffer } {
  if (counter < chain.next) return takeSkipped(chain, counter);
  if (counter - chain.next > SKIPPED_KEYS_MAX) {
    throw new SignalError('too_far_ahead', 'Too many messages before this one are missing.');
  }
  const skipped = { ...chain.skipped };
  let step = stepChain(Buffer.from(chain.chainKey, 'base64'));
  for (let index = chain.next; index < counter; index += 1) {
    skipped[index] = step.messageSecret.toString('base64');
    step = stepChain(step.chainKey);
  }
  const moved = {
    ...chain,
    chainKey: step.chainKey.toString('base64'),
    next: counter + 1,
    skipped: newestOf(skipped, keptMax),
  };
  return { chain: moved, messageSecret: step.messageSecret };
}

function takeSkipped<Chain extends ReceivingChain>(
  chain: Chain,
  counter: number,
): { chain: Chain; messageSecret: Buffer } {
  const { [String(counter)]: secret, ...skipped } = chain.skipped;
  if (secret === undefined) {
    throw new SignalError('duplicate', 'The key of this message was used before.');
  }
  return { chain: { ...chain, skipped }, messageSecret: Buffer.from(secret, 'base64') };
}

/** JavaScript keeps integer keys in ascending order, so the oldest come first. */
function newestOf(skipped: Record<string, string>, keptMax: number): Record<string, string> {
  const counters = Object.keys(skipped);
  for (const counter of counters.slice(0, Math.max(0, counters.length - keptMax))) {
    delete skipped[counter];
  }
  return skipped;
}
