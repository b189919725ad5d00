import { DomainError } from '#shared/domain/error.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { ringInstance } from '../ring-instance.ts';
import { toMessageView } from './message-view.ts';
import { findOwnMessage } from './own-message.ts';

type Needs = Pick<
  Deps,
  'instances' | 'logger' | 'messages' | 'metrics' | 'newUlid' | 'now' | 'ringDoorbell'
>;

/** Takes a message out of the outbox. One that an attempt was made of may have left, and is not taken back. */
export const cancelMessage = defineRoute({
  auth: 'either',
  async run({ caller, request: { params }, notes }, deps: Needs) {
    const { message, instance } = await findOwnMessage(params['id'] ?? '', caller, deps);
    notes.instanceId = instance.instanceId;
    notes.messageId = message.messageId;
    const step = { to: 'CANCELED', at: deps.now() } as const;
    const canceled = await deps.messages.finish(message, step, ['QUEUED']);
    if (canceled) deps.metrics.add('MessagesEnded', 1, 'CANCELED');
    const current = canceled ?? (await deps.messages.get(message.messageId)) ?? message;
    if (current.state === 'CANCELED') {
      // The runner alone numbers events: it is to tell of this one. A call that is repeated rings again.
      await ringInstance(instance, { kind: 'instance', dedupId: deps.newUlid() }, deps);
      return ok('Message canceled successfully', toMessageView(current, instance.sessionId));
    }
    throw new DomainError('too_late', `The message is ${current.state} and cannot be canceled.`);
  },
});
