import * as z from 'zod';
import { ObjectId, Ulid } from './identifier.ts';
import { MediaUpload, MessageContent } from './message-content.ts';

/**
 * How far a message has come. States only move forward:
 *
 *   QUEUED ─▶ SENDING ─▶ SENT ─▶ DELIVERED ─▶ READ ─▶ PLAYED
 *      └─────────┴─────▶ FAILED | EXPIRED | CANCELED
 *
 * SENT is WhatsApp's own acknowledgement, never ours.
 */
export const MessageState = z.enum([
  'QUEUED',
  'SENDING',
  'SENT',
  'DELIVERED',
  'READ',
  'PLAYED',
  'FAILED',
  'EXPIRED',
  'CANCELED',
]);
export type MessageState = z.infer<typeof MessageState>;

const PROGRESS: readonly MessageState[] = [
  'QUEUED',
  'SENDING',
  'SENT',
  'DELIVERED',
  'READ',
  'PLAYED',
];
const ENDINGS: readonly MessageState[] = ['FAILED', 'EXPIRED', 'CANCELED'];

/** The states from which a message may go to `to`. */
export function statesBefore(to: MessageState): readonly MessageState[] {
  if (ENDINGS.includes(to)) return ['QUEUED', 'SENDING'];
  return PROGRESS.slice(0, PROGRESS.indexOf(to));
}

/** Whether the runner still has something to do for it. */
export function isPending(state: MessageState): boolean {
  return state === 'QUEUED' || state === 'SENDING';
}

/** Whether its time has run out. */
export function isOutdated({ validUntil }: Pick<Message, 'validUntil'>, now: Date): boolean {
  return validUntil !== undefined && new Date(validUntil) <= now;
}

/** The number that WhatsApp's own apps (and open-wa) use: -1 failed, 0 pending, 1 server, 2 device, 3 read, 4 played. */
export function toAck(state: MessageState): -1 | 0 | 1 | 2 | 3 | 4 {
  switch (state) {
    case 'QUEUED':
    case 'SENDING':
      return 0;
    case 'SENT':
      return 1;
    case 'DELIVERED':
      return 2;
    case 'READ':
      return 3;
    case 'PLAYED':
      return 4;
    case 'FAILED':
    case 'EXPIRED':
    case 'CANCELED':
      return -1;
  }
}

/** Why a message ended as FAILED: WhatsApp's own code or ours, and plain words. */
export const MessageFailure = z.strictObject({ code: z.string(), message: z.string() });
export type MessageFailure = z.infer<typeof MessageFailure>;

/** For how long a message is worth sending when nobody says otherwise. */
export const VALID_S_DEFAULT = 6 * 3_600;

/** Where a message keeps the time at which it reached a state. */
export const TIME_FIELDS = {
  QUEUED: 'queuedAt',
  SENDING: 'sendingAt',
  SENT: 'sentAt',
  DELIVERED: 'deliveredAt',
  READ: 'readAt',
  PLAYED: 'playedAt',
  FAILED: 'failedAt',
  EXPIRED: 'expiredAt',
  CANCELED: 'canceledAt',
} as const satisfies Record<MessageState, string>;

/** One accepted message. */
export const Message = z.strictObject({
  accountId: ObjectId,
  instanceId: ObjectId,
  shard: z.int().min(0),
  messageId: Ulid,
  /** The id on WhatsApp's wire: the same at every attempt, so that a repeat is seen as one. */
  waId: z.string().regex(/^3EB0[0-9A-F]{18}$/),
  chatId: z.string(),
  content: MessageContent,
  /** Of media, as soon as WhatsApp has the file. */
  upload: MediaUpload.optional(),
  state: MessageState,
  attempts: z.int().min(0),
  failure: MessageFailure.optional(),
  /** It is not sent before. */
  sendAt: z.iso.datetime().optional(),
  /** When it is no longer worth sending: one that no attempt was made of by then is given up. */
  validUntil: z.iso.datetime().optional(),
  /** The failed message that this one tries again. */
  retryOf: Ulid.optional(),
  queuedAt: z.iso.datetime(),
  sendingAt: z.iso.datetime().optional(),
  sentAt: z.iso.datetime().optional(),
  deliveredAt: z.iso.datetime().optional(),
  readAt: z.iso.datetime().optional(),
  playedAt: z.iso.datetime().optional(),
  failedAt: z.iso.datetime().optional(),
  expiredAt: z.iso.datetime().optional(),
  canceledAt: z.iso.datetime().optional(),
});
export type Message = z.infer<typeof Message>;

/** The message as it was in a state that it has come to, whatever it has come to since. */
export function asOf(message: Message, state: MessageState): Message {
  const since = PROGRESS.slice(PROGRESS.indexOf(state) + 1).map((later) => TIME_FIELDS[later]);
  const hidden = new Set<string>(PROGRESS.includes(state) ? since : []);
  const shown = Object.entries(message).filter(([name]) => !hidden.has(name));
  return Message.parse({ ...Object.fromEntries(shown), state });
}

/** `3EB0` and 18 hex digits of SHA-256(instance | message): the form of WhatsApp Web's own ids. */
export function toWaId(sha256Hex: string): string {
  return `3EB0${sha256Hex.slice(0, 18).toUpperCase()}`;
}

/** open-wa's id of a message: `true_2348179803743@c.us_3EB015715C3A6439227F`. */
export function toSerializedId(message: { fromMe: boolean; chatId: string; waId: string }): string {
  return `${message.fromMe}_${message.chatId}_${message.waId}`;
}
