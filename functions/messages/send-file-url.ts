import * as z from 'zod';
import { MediaType } from '#shared/domain/mimetype.ts';
import { requireWebhookUrl } from '../webhooks/require-webhook-url.ts';
import { toContext } from './context.ts';
import { defineSend } from './define-send.ts';
import { MediaKindField } from './media-kind-field.ts';
import { CaptionField, ChatIdField, optional } from './message-fields.ts';
import { FileName } from './message-file.ts';
import { CONTEXT_FIELDS, SEND_OPTIONS } from './send-options.ts';

const Body = z.object({
  chatId: ChatIdField,
  url: z.string(),
  type: MediaKindField,
  mimetype: optional(MediaType),
  caption: CaptionField,
  filename: optional(FileName),
  ptt: optional(z.boolean()),
  ...CONTEXT_FIELDS,
  ...SEND_OPTIONS,
});

/** Sends the file behind a URL. It is fetched when it is sent, by whoever holds the session. */
export const sendFileUrl = defineSend({
  operation: 'sendFileUrl',
  body: Body,
  answers: 'nothing',
  async draft({ instance, body }, deps) {
    const { chatId, type: kind, mimetype, caption, filename: fileName, ptt } = body;
    const url = requireWebhookUrl(body.url, { path: 'url' }, deps);
    const content = {
      kind,
      source: { kind: 'url', url },
      ...(mimetype && { mimetype }),
      ...(caption && kind !== 'audio' && kind !== 'sticker' && { caption }),
      ...(fileName && { fileName }),
      ...(kind === 'audio' && { ptt: ptt ?? false }),
      ...(await toContext(instance, body, deps)),
    } as const;
    return [{ chatId, content }];
  },
});
