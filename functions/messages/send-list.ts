import * as z from 'zod';
import { renderList } from '#shared/domain/render-menu.ts';
import { toContext } from './context.ts';
import { defineSend } from './define-send.ts';
import { ListField, NativeField } from './menu-fields.ts';
import { toMenuContent } from './menu-text.ts';
import { ChatIdField } from './message-fields.ts';
import { CONTEXT_FIELDS, SEND_OPTIONS } from './send-options.ts';

/** Sends options to choose from. WhatsApp's apps show its old lists no more, so they go out as numbered text. */
export const sendList = defineSend({
  operation: 'sendList',
  body: z.object({
    chatId: ChatIdField,
    msgdata: ListField,
    native: NativeField,
    ...CONTEXT_FIELDS,
    ...SEND_OPTIONS,
  }),
  answers: 'nothing',
  async draft({ instance, body }, deps) {
    const { chatId, msgdata, native: isNative = false } = body;
    const menu = toMenuContent(renderList(msgdata), { isNative, path: 'msgdata' });
    const context = await toContext(instance, body, deps);
    return [{ chatId, content: { kind: 'text', ...menu, ...context } }];
  },
});
