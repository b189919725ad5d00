import * as z from 'zod';
import { renderButtons } from '#shared/domain/render-menu.ts';
import { requireWebhookUrl } from '../webhooks/require-webhook-url.ts';
import { toContext } from './context.ts';
import { defineSend } from './define-send.ts';
import { MediaButtonsField, NativeField } from './menu-fields.ts';
import { toMenuContent } from './menu-text.ts';
import { ChatIdField } from './message-fields.ts';
import { CONTEXT_FIELDS, SEND_OPTIONS } from './send-options.ts';

/** Sends a picture or video, fetched from its URL, with buttons as its caption. */
export const sendMediaButtons = defineSend({
  operation: 'sendMediaButtons',
  body: z.object({
    chatId: ChatIdField,
    btndata: MediaButtonsField,
    native: NativeField,
    ...CONTEXT_FIELDS,
    ...SEND_OPTIONS,
  }),
  answers: 'nothing',
  async draft({ instance, body }, deps) {
    const { chatId, btndata, native: isNative = false } = body;
    const url = requireWebhookUrl(btndata.url, { path: 'btndata.image' }, deps);
    const menu = toMenuContent(renderButtons(btndata.menu), { isNative, path: 'btndata' });
    const { text: caption, ...choices } = menu;
    const content = {
      kind: btndata.mediaType,
      source: { kind: 'url', url },
      ...(btndata.mimeType && { mimetype: btndata.mimeType }),
      caption,
      ...choices,
      ...(await toContext(instance, body, deps)),
    } as const;
    return [{ chatId, content }];
  },
});
