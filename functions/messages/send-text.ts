import * as z from 'zod';
import { toSerializedId } from '#shared/domain/message.ts';
import { defineSend } from './define-send.ts';
import { ChatIdField, TextField } from './message-fields.ts';
import { SEND_OPTIONS } from './send-options.ts';

/** The older way to send a text; it answers open-wa's id of the message. */
export const sendText = defineSend({
  operation: 'sendText',
  body: z.object({ to: ChatIdField, message: TextField, ...SEND_OPTIONS }),
  answers: 'body',
  draft: async ({ body: { to: chatId, message: text } }) => [
    { chatId, content: { kind: 'text', text } },
  ],
  data: ([message]) => message && toSerializedId({ ...message, fromMe: true }),
});
