import * as z from 'zod';
import { toSerializedId } from '#shared/domain/message.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { type AcceptNeeds, acceptText } from './accept-text.ts';
import { ChatIdField, TextField } from './message-fields.ts';
import { messageHeaders } from './message-view.ts';

const Body = z.object({ to: ChatIdField, message: TextField });

/** The older way to send a text; it answers open-wa's id of the message. */
export const sendText = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, body: { to: chatId, message: text }, notes }, deps: AcceptNeeds) {
    const message = await acceptText(instance, { chatId, text }, deps);
    notes.messageId = message.messageId;
    const id = toSerializedId({ ...message, fromMe: true });
    return ok('Message sent successfully', id, messageHeaders(message));
  },
});
