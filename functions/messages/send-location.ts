import * as z from 'zod';
import { toContext } from './context.ts';
import { defineSend } from './define-send.ts';
import { LocationFields } from './location-fields.ts';
import { ChatIdField } from './message-fields.ts';
import { CONTEXT_FIELDS, SEND_OPTIONS } from './send-options.ts';

/** Sends a place. */
export const sendLocation = defineSend({
  operation: 'sendLocation',
  body: z.object({
    chatId: ChatIdField,
    location: LocationFields,
    ...CONTEXT_FIELDS,
    ...SEND_OPTIONS,
  }),
  answers: 'body',
  async draft({ instance, body }, deps) {
    const context = await toContext(instance, body, deps);
    return [{ chatId: body.chatId, content: { kind: 'location', ...body.location, ...context } }];
  },
});
