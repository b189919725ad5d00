import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { toMessageView } from './message-view.ts';
import { findOwnMessage } from './own-message.ts';

type Needs = Pick<Deps, 'instances' | 'messages'>;

/** How far a message has come. */
export const showMessage = defineRoute({
  auth: 'either',
  async run({ caller, request: { params }, notes }, deps: Needs) {
    const { message, instance } = await findOwnMessage(params['id'] ?? '', caller, deps);
    notes.instanceId = instance.instanceId;
    notes.messageId = message.messageId;
    return ok('Message fetched successfully', toMessageView(message, instance.sessionId));
  },
});
