import {
  BODY_BYTES_MAX,
  type Outgoing,
  type QueueSettings,
  type ReceiveOptions,
} from '../queue.ts';

/** The limits of SQS. */
const RECEIVE_MAX = 10;
const WAIT_MS_MAX = 20_000;
const DELAY_MS_MAX = 900_000;
const VISIBILITY_MS_MAX = 12 * 3_600_000;
const SQS_NAME = /^[\x21-\x7e]{1,128}$/;

type Limits = { readonly min: number; readonly max: number };

/** Throws a `RangeError` for a message that a queue of the kind would not take. */
export function checkOutgoing(
  { group, dedupId, body, delayMs }: Outgoing,
  kind: QueueSettings['kind'],
): void {
  if (!SQS_NAME.test(group) || !SQS_NAME.test(dedupId)) {
    throw new RangeError('A group and a dedupId are 1 to 128 printable ASCII characters.');
  }
  const bytes = Buffer.byteLength(body);
  if (bytes === 0 || bytes > BODY_BYTES_MAX) {
    throw new RangeError(`A body has 1 to ${BODY_BYTES_MAX} bytes.`);
  }
  if (delayMs === undefined) return;
  if (kind === 'fifo') throw new RangeError('A FIFO queue takes no delay of one message.');
  checkBetween('delayMs', delayMs, { min: 0, max: DELAY_MS_MAX });
}

/** Throws a `RangeError`. */
export function checkReceive({ max, waitMs }: ReceiveOptions): void {
  checkBetween('max', max, { min: 1, max: RECEIVE_MAX });
  checkBetween('waitMs', waitMs, { min: 0, max: WAIT_MS_MAX });
}

/** For how long a message may stay hidden. Throws a `RangeError`. */
export function checkVisibility(visibilityMs: number): void {
  checkBetween('The time', visibilityMs, { min: 0, max: VISIBILITY_MS_MAX });
}

/** Throws a `RangeError` for what is not a whole number between the two, both included. */
export function checkBetween(name: string, value: number, { min, max }: Limits): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} is a whole number from ${min} to ${max}.`);
  }
}
