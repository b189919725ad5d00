import * as z from 'zod';
import { defineSend } from './define-send.ts';
import { findTarget, toTarget } from './find-target.ts';
import { ChatIdField } from './message-fields.ts';
import { SEND_OPTIONS } from './send-options.ts';

/** Passes a message on to another chat. */
export const forwardMessage = defineSend({
  operation: 'forwardMessage',
  body: z.object({ messageId: z.string(), chatId: ChatIdField, ...SEND_OPTIONS }),
  answers: 'body',
  async draft({ instance, body: { messageId: id, chatId } }, deps) {
    const target = toTarget(await findTarget(instance, { id, path: 'messageId' }, deps));
    return [{ chatId, content: { kind: 'forward', target } }];
  },
});
