import * as z from 'zod';
import { decideDeletion } from '#shared/domain/decide-amend.ts';
import { DomainError } from '#shared/domain/error.ts';
import { defineSend } from './define-send.ts';
import { findTarget, toTarget } from './find-target.ts';
import { SEND_OPTIONS } from './send-options.ts';

/** Takes a message back for everyone. Messages of others can be taken back by a group's admin alone. */
export const deleteMessage = defineSend({
  operation: 'deleteMessage',
  body: z.object({ messageId: z.string(), ...SEND_OPTIONS }),
  answers: 'body',
  async draft({ instance, body: { messageId: id } }, deps) {
    const found = await findTarget(instance, { id, path: 'messageId' }, deps);
    const decision = decideDeletion(found, deps.now());
    if (decision.kind === 'refuse') throw new DomainError('too_late', decision.reason);
    const target = toTarget(found);
    return [{ chatId: target.chatId, content: { kind: 'delete', target } }];
  },
});
