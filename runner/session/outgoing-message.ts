import type { Message } from '#shared/domain/message.ts';
import type { MediaUpload, MessageContent } from '#shared/domain/message-content.ts';
import { parseRecipient, type Recipient } from '#shared/domain/recipient.ts';

/** A message on its way to the wire. */
export type OutgoingMessage = {
  readonly waId: string;
  readonly to: Recipient;
  readonly content: MessageContent;
  readonly upload?: MediaUpload | undefined;
  /** When it was accepted: the time that it carries, the same at every attempt. */
  readonly at: Date;
};

/** It will never be sent, however often it is tried. `code` and message are for the customer. */
export class SendRefused extends Error {
  override readonly name = 'SendRefused';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** `undefined` for a chat that no message can go to: accepted messages have none such. */
export function toOutgoing({
  waId,
  chatId,
  content,
  upload,
  queuedAt,
}: Message): OutgoingMessage | undefined {
  const to = parseRecipient(chatId);
  return to && { waId, to, content, upload, at: new Date(queuedAt) };
}
