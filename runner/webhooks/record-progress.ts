import type { Instance, LinkedUser } from '#shared/domain/instance.ts';
import { type Message, TIME_FIELDS, toAck } from '#shared/domain/message.ts';
import { toOpenWaMessage } from '../inbound/open-wa-message.ts';
import type { ToOwnMessage } from '../session/whatsapp.ts';
import { toEventData } from './event-data.ts';
import type { EventRecorder, Happening } from './event-recorder.ts';

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

/** `onAck` for every step of a message of ours, and `onAnyMessage` when WhatsApp has taken it. */
function toHappenings(
  message: Message,
  { user }: Whose,
  { toOwnMessage, now }: Pick<ProgressDeps, 'toOwnMessage' | 'now'>,
): Happening[] {
  const own = toOwnMessage(message, user);
  if (own === undefined) return [];
  const { messageId, state } = message;
  const data = toEventData(toOpenWaMessage(own, { ack: toAck(state) }));
  const reachedAt = message[TIME_FIELDS[state]];
  const at = reachedAt === undefined ? now() : new Date(reachedAt);
  return [
    ...(state === 'SENT'
      ? [{ event: 'onAnyMessage', at, key: messageId, data } satisfies Happening]
      : []),
    { event: 'onAck', at, key: `${messageId}|${state}`, data },
  ];
}
