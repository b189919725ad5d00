import type { Message, MessageState } from '#shared/domain/message.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type {
  MessageRef,
  MessageRepository,
  MessageStep,
} from '#shared/repositories/message-repository.ts';
import { countEnded } from './count-ended.ts';

export type GiveUpDeps = {
  readonly messages: MessageRepository;
  /** The message has ended without leaving. */
  readonly onGivenUp: (message: Message) => void;
  readonly metrics: Metrics;
  readonly now: () => Date;
};

/** Ends a message that is not to leave any more. `from` narrows the states that it may be in. */
export type GiveUp = (
  message: MessageRef,
  step: Omit<MessageStep, 'at'>,
  from?: readonly MessageState[],
) => Promise<boolean>;

/** `false`, and nothing happens, when it has ended otherwise meanwhile. */
export function giveUpOf({ messages, onGivenUp, metrics, now }: GiveUpDeps): GiveUp {
  return async (ref, step, from) => {
    const at = now();
    const ended = await messages.finish(ref, { ...step, at }, from);
    if (ended === undefined) return false;
    countEnded({ before: { ...ended, state: 'QUEUED' }, after: ended, at }, metrics);
    onGivenUp(ended);
    return true;
  };
}
