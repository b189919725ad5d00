import type { ContextInfo, Message } from '#simulator/proto/messages.ts';

/** How deep messages may be wrapped in each other (disappearing, view once, edited …). */
const WRAPPERS_MAX = 8;

/** The message inside its wrappers, and inside the copy for the sender's other devices. */
export function unwrap(message: Message): Message {
  let inner = message;
  for (let depth = 0; depth < WRAPPERS_MAX; depth += 1) {
    const next =
      inner.deviceSentMessage?.message ??
      inner.ephemeralMessage?.message ??
      inner.viewOnceMessage?.message ??
      inner.viewOnceMessageV2?.message ??
      inner.viewOnceMessageV2Extension?.message ??
      inner.documentWithCaptionMessage?.message ??
      inner.editedMessage?.message;
    if (!next) return inner;
    inner = next;
  }
  return inner;
}

/** What stands beside the content of an unwrapped message: its quote, its mentions. */
export function contextInfoOf(message: Message): ContextInfo | undefined {
  const parts = [
    message.extendedTextMessage,
    message.imageMessage,
    message.videoMessage,
    message.ptvMessage,
    message.audioMessage,
    message.documentMessage,
    message.stickerMessage,
    message.locationMessage,
    message.contactMessage,
    message.contactsArrayMessage,
    message.pollCreationMessage,
    message.pollCreationMessageV2,
    message.pollCreationMessageV3,
    message.listMessage,
    message.buttonsMessage,
    message.templateMessage,
    message.interactiveMessage,
    message.interactiveResponseMessage,
    message.listResponseMessage,
    message.buttonsResponseMessage,
    message.templateButtonReplyMessage,
  ];
  return parts.find((part) => part?.contextInfo)?.contextInfo;
}
