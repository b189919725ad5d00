import * as z from 'zod';
import { renderButtons } from '#shared/domain/render-menu.ts';
import { toContext } from './context.ts';
import { defineSend } from './define-send.ts';
import { ButtonsField, NativeField } from './menu-fields.ts';
import { toMenuContent } from './menu-text.ts';
import { ChatIdField } from './message-fields.ts';
import { CONTEXT_FIELDS, SEND_OPTIONS } from './send-options.ts';

/** Sends buttons: as text with numbered replies and links, unless WhatsApp's own are asked for. */
export const sendButtons = defineSend({
  operation: 'sendButtons',
  body: z.object({
    chatId: ChatIdField,
    btndata: ButtonsField,
    native: NativeField,
    ...CONTEXT_FIELDS,
    ...SEND_OPTIONS,
  }),
  answers: 'nothing',
  async draft({ instance, body }, deps) {
    const { chatId, btndata, native: isNative = false } = body;
    const menu = toMenuContent(renderButtons(btndata), { isNative, path: 'btndata' });
    const context = await toContext(instance, body, deps);
    return [{ chatId, content: { kind: 'text', ...menu, ...context } }];
  },
});
