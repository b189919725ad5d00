import type { WebhookEventName } from '#shared/domain/event-name.ts';
import type { Instance, LinkedUser } from '#shared/domain/instance.ts';
import { type Message, TIME_FIELDS, toAck } from '#shared/domain/message.ts';
import { toOpenWaMessage } from '../inbound/open-wa-message.ts';
import type { ToOwnMessage } from '../session/whatsapp.ts';
import { toEventData } from './event-data.ts';
import type { EventRecorder, Happening } from './event-recorder.ts';
import { refusalOf } from './restriction.ts';

export type ProgressDeps = {
  readonly events: EventRecorder;
  readonly toOwnMessage: ToOwnMessage;
  readonly now: () => Date;
};

type Whose = { readonly instance: Instance; readonly user: LinkedUser | undefined };

/** Records what the state that a message of ours has come to tells, and takes away the note that it was untold. */
export async function recordProgress(
  message: Message,
  whose: Whose,
  { events, ...deps }: ProgressDeps,
): Promise<void> {
  const { messageId, state } = message;
  const note = { kind: 'message', messageId, state } as const;
  await events.record(whose.instance, toHappenings(message, whose, deps), [note]);
}

/**
 * `onAck` for every step of a message of ours, and `onAnyMessage` when WhatsApp has taken it; then how it ended, and
 * whether WhatsApp refuses more than this message.
 */
function toHappenings(
  message: Message,
  { user }: Whose,
  { toOwnMessage, now }: Pick<ProgressDeps, 'toOwnMessage' | 'now'>,
): Happening[] {
  const { messageId, state, failure } = message;
  const reachedAt = message[TIME_FIELDS[state]];
  const at = reachedAt === undefined ? now() : new Date(reachedAt);
  const happenings: Happening[] = [];
  const own = toOwnMessage(message, user);
  if (own !== undefined) {
    const data = toEventData(toOpenWaMessage(own, { ack: toAck(state) }));
    if (hasJustLeft(message)) happenings.push({ event: 'onAnyMessage', at, key: messageId, data });
    happenings.push({ event: 'onAck', at, key: `${messageId}|${state}`, data });
  }
  const event = endOf(message);
  if (event) happenings.push({ event, at, key: messageId, data: toEnd(message) });
  const refusal = refusalOf(failure, at);
  if (refusal) happenings.push({ event: 'onRestriction', at, ...refusal });
  return happenings;
}

/** A receipt may overtake WhatsApp's own acknowledgement, and says the same. */
function hasJustLeft(message: Message): boolean {
  const { state, sentAt, deliveredAt, readAt, playedAt } = message;
  const reached = [sentAt, deliveredAt, readAt, playedAt].filter((time) => time !== undefined);
  return toAck(state) > 0 && reached.length === 1;
}

function endOf(message: Message): WebhookEventName | undefined {
  switch (message.state) {
    case 'QUEUED':
    case 'SENDING':
      return undefined;
    case 'SENT':
    case 'DELIVERED':
    case 'READ':
    case 'PLAYED':
      return hasJustLeft(message) ? 'onMessageSent' : undefined;
    case 'FAILED':
      return 'onMessageFailed';
    case 'EXPIRED':
      return 'onMessageExpired';
    case 'CANCELED':
      return 'onMessageCanceled';
  }
}

function toEnd(message: Message) {
  const { messageId: id, waId: wa_id, chatId, state, failure = null } = message;
  const at = message[TIME_FIELDS[state]] ?? null;
  return toEventData({ id, wa_id, chatId, state, at, failure });
}
