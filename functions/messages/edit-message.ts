import * as z from 'zod';
import { decideEdit } from '#shared/domain/decide-amend.ts';
import { DomainError } from '#shared/domain/error.ts';
import { defineSend } from './define-send.ts';
import { findTarget, toTarget } from './find-target.ts';
import { TextField } from './message-fields.ts';
import { SEND_OPTIONS } from './send-options.ts';

/** Puts another text in place of that of a message of ours. */
export const editMessage = defineSend({
  operation: 'editMessage',
  body: z.object({ messageId: z.string(), message: TextField, ...SEND_OPTIONS }),
  answers: 'body',
  async draft({ instance, body: { messageId: id, message: text } }, deps) {
    const found = await findTarget(instance, { id, path: 'messageId' }, deps);
    const decision = decideEdit(found, deps.now());
    if (decision.kind === 'refuse') throw new DomainError('too_late', decision.reason);
    const target = toTarget(found);
    return [{ chatId: target.chatId, content: { kind: 'edit', target, text } }];
  },
});
