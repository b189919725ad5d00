import * as z from 'zod';
import { toContactContent } from '#shared/domain/contact-content.ts';
import { ContactFields } from '../contacts/contact-fields.ts';
import { toContext } from './context.ts';
import { defineSend } from './define-send.ts';
import { ChatIdField } from './message-fields.ts';
import { CONTEXT_FIELDS, SEND_OPTIONS } from './send-options.ts';

/** Sends the card of a person. */
export const sendContact = defineSend({
  operation: 'sendContact',
  body: z.object({
    chatId: ChatIdField,
    vcard: ContactFields,
    ...CONTEXT_FIELDS,
    ...SEND_OPTIONS,
  }),
  answers: 'nothing',
  async draft({ instance, body }, deps) {
    const context = await toContext(instance, body, deps);
    return [{ chatId: body.chatId, content: { ...toContactContent(body.vcard), ...context } }];
  },
});
