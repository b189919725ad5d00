import type { Instance, LinkedUser } from '#shared/domain/instance.ts';
import { type Message, toAck } from '#shared/domain/message.ts';
import { toOpenWaMessage } from '../inbound/open-wa-message.ts';
import type { ToOwnMessage } from '../session/whatsapp.ts';
import { toEventData } from './event-data.ts';
import type { EventRecorder } from './event-recorder.ts';

export type ProgressDeps = {
  readonly events: EventRecorder;
  readonly toOwnMessage: ToOwnMessage;
  readonly now: () => Date;
};

/** `onAck` for every step of a message of ours, and `onAnyMessage` when WhatsApp has taken it. */
export async function recordProgress(
  message: Message,
  { instance, user }: { instance: Instance; user: LinkedUser | undefined },
  { events, toOwnMessage, now }: ProgressDeps,
): Promise<void> {
  const own = toOwnMessage(message, user);
  if (own === undefined) return;
  const { messageId, state } = message;
  const data = toEventData(toOpenWaMessage(own, { ack: toAck(state) }));
  const at = now();
  if (state === 'SENT') {
    await events.record(instance, { event: 'onAnyMessage', at, key: messageId, data });
  }
  await events.record(instance, { event: 'onAck', at, key: `${messageId}|${state}`, data });
}
