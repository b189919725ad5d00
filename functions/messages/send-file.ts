import * as z from 'zod';
import type { MediaContent } from '#shared/domain/message-content.ts';
import { toContext } from './context.ts';
import { type DraftOfCall, defineSend } from './define-send.ts';
import { CaptionField, ChatIdField, optional } from './message-fields.ts';
import { FILE_FIELDS, FileName, type MessageFile, takeFile } from './message-file.ts';
import { CONTEXT_FIELDS, SEND_OPTIONS } from './send-options.ts';

const BASE = { chatId: ChatIdField, ...FILE_FIELDS, ...CONTEXT_FIELDS, ...SEND_OPTIONS } as const;

/** Sends a picture. */
export const sendImage = defineSend({
  operation: 'sendImage',
  body: z.object({ ...BASE, caption: CaptionField }),
  answers: 'body',
  showsUpload: true,
  async draft({ instance, body }, deps) {
    const context = await toContext(instance, body, deps);
    const file = await takeFile(instance, body, 'image', deps);
    return [toDraft(body, file, { kind: 'image', ...captionOf(body), ...context })];
  },
});

/** Sends a video. */
export const sendVideo = defineSend({
  operation: 'sendVideo',
  body: z.object({ ...BASE, caption: CaptionField }),
  answers: 'nothing',
  async draft({ instance, body }, deps) {
    const context = await toContext(instance, body, deps);
    const file = await takeFile(instance, body, 'video', deps);
    return [toDraft(body, file, { kind: 'video', ...captionOf(body), ...context })];
  },
});

/** Sends a sound, or with `ptt` a voice note. */
export const sendAudio = defineSend({
  operation: 'sendAudio',
  body: z.object({ ...BASE, ptt: optional(z.boolean()) }),
  answers: 'nothing',
  async draft({ instance, body }, deps) {
    const context = await toContext(instance, body, deps);
    const file = await takeFile(instance, body, 'audio', deps);
    return [toDraft(body, file, { kind: 'audio', ptt: body.ptt ?? false, ...context })];
  },
});

/** Sends a file of any type. */
export const sendDocument = defineSend({
  operation: 'sendDocument',
  body: z.object({ ...BASE, filename: optional(FileName), caption: CaptionField }),
  answers: 'nothing',
  async draft({ instance, body }, deps) {
    const context = await toContext(instance, body, deps);
    const file = await takeFile(instance, body, 'document', deps);
    const fileName = body.filename || file.fileName;
    return [toDraft(body, file, { kind: 'document', fileName, ...captionOf(body), ...context })];
  },
});

/** Sends a picture as a sticker. */
export const sendSticker = defineSend({
  operation: 'sendSticker',
  body: z.object(BASE),
  answers: 'body',
  async draft({ instance, body }, deps) {
    const context = await toContext(instance, body, deps);
    const file = await takeFile(instance, body, 'sticker', deps);
    return [toDraft(body, file, { kind: 'sticker', ...context })];
  },
});

function captionOf({ caption }: { caption?: string | undefined }) {
  return caption ? { caption } : {};
}

function toDraft(
  { chatId }: { chatId: string },
  { source, mimetype, toStore }: MessageFile,
  content: Omit<MediaContent, 'source' | 'mimetype'>,
): DraftOfCall {
  const draft = { chatId, content: { ...content, source, mimetype } };
  return toStore ? { ...draft, messageId: toStore.messageId, toStore } : draft;
}
