import * as z from 'zod';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { type AcceptNeeds, acceptText } from './accept-text.ts';
import { ChatIdField, NotYet, TextField } from './message-fields.ts';
import { messageHeaders, toSentView } from './message-view.ts';

const Body = z.object({
  chatId: ChatIdField,
  message: TextField,
  attachments: NotYet,
  location: NotYet,
  contactId: NotYet,
});

/** Accepts a text for a user or a group. */
export const sendMessage = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, body, notes }, deps: AcceptNeeds) {
    const { chatId, message: text } = body;
    const message = await acceptText(instance, { chatId, text }, deps);
    notes.messageId = message.messageId;
    return ok('Message sent successfully', toSentView(message), messageHeaders(message));
  },
});
