/**
 * The `Queue` port: first in, first out within a group; the part of SQS FIFO that this system uses.
 * A group's later messages stay hidden while an earlier one is in flight.
 */

export type Outgoing = {
  /** 1 to 128 printable ASCII characters (SQS), and so is `dedupId`. */
  readonly group: string;
  /**
   * A `fifo` queue drops a second send with the same id within five minutes, also when the first was acked.
   * Ids are unique in the queue, not only in the group. A `standard` queue delivers both.
   */
  readonly dedupId: string;
  /** Not empty. */
  readonly body: string;
  /** 0 to 900,000. SQS FIFO has no delay of one message: only a `standard` queue takes it. */
  readonly delayMs?: number;
};

/**
 * A message in flight. When its visibility timeout has passed it belongs to whoever receives it next:
 * `ack`, `extend` and `release` of the late holder do no harm and do not throw.
 */
export type Received = {
  readonly id: string;
  readonly group: string;
  readonly body: string;
  /** 1 at the first delivery. */
  readonly receiveCount: number;
  /** Done: the message is gone for good. */
  ack(): Promise<void>;
  /** Keeps the message in flight for this much longer, from now, at most 12 hours. */
  extend(visibilityMs: number): Promise<void>;
  /** Gives the message back, to be delivered again after the delay. */
  release(delayMs?: number): Promise<void>;
};

export type ReceiveOptions = {
  /** 1 to 10. */
  readonly max: number;
  /** How long to wait for a first message, 0 to 20,000. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
};

export interface Queue {
  send(message: Outgoing): Promise<void>;
  /** Answers as soon as there is a message, or `[]` when the wait is over or the signal aborts. */
  receive(options: ReceiveOptions): Promise<readonly Received[]>;
}

export type QueueSettings = {
  readonly name: string;
  /** `standard` promises no order, and takes `delayMs`. */
  readonly kind: 'fifo' | 'standard';
  /** How long a received message stays hidden without `ack`. */
  readonly visibilityMs: number;
  /** After so many deliveries without `ack` the message goes to the dead letters. */
  readonly receivesMax: number;
};

/** SQS: the longest body, in bytes. */
export const BODY_BYTES_MAX = 1_048_576;
