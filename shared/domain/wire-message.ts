import type {
  MediaContent,
  MediaUpload,
  MessageContent,
  MessageTarget,
  NativeFlow,
} from './message-content.ts';

/** WhatsApp's JSON of a message (protobuf's JSON of `proto.Message`): bytes in base64, long numbers as text. */
export type WireMessage = { readonly [field: string]: unknown };

/** The name under which WhatsApp has each kind of media in a message. */
const MEDIA_FIELDS = {
  image: 'imageMessage',
  video: 'videoMessage',
  audio: 'audioMessage',
  document: 'documentMessage',
  sticker: 'stickerMessage',
} as const;

/**
 * What a content is on WhatsApp's wire, as far as it says it by itself: answers to calls show it, and the runner sends
 * it with what only it knows (by which address other messages came, what is quoted). The same at every attempt.
 */
export function toWireMessage(content: MessageContent, upload?: MediaUpload): WireMessage {
  switch (content.kind) {
    case 'text':
      return content.native
        ? { interactiveMessage: toInteractive(content.native) }
        : { extendedTextMessage: { text: content.text } };
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return toMedia(content, upload);
    case 'location':
      return {
        locationMessage: {
          degreesLatitude: content.latitude,
          degreesLongitude: content.longitude,
          ...given({ name: content.name, address: content.address }),
        },
      };
    case 'contact':
      return { contactMessage: { displayName: content.displayName, vcard: content.vcard } };
    case 'poll':
      return toPoll(content);
    case 'reaction':
      return { reactionMessage: { key: toKey(content.target), text: content.emoji } };
    case 'edit':
      return {
        protocolMessage: {
          key: toKey(content.target),
          type: 'MESSAGE_EDIT',
          editedMessage: { extendedTextMessage: { text: content.text } },
        },
      };
    case 'delete':
      return { protocolMessage: { key: toKey(content.target), type: 'REVOKE' } };
    case 'forward':
      return {};
  }
}

/** WhatsApp's wire says `@s.whatsapp.net` where the API says `@c.us`. */
export function toWireJid(chatId: string): string {
  return chatId.replace(/@c\.us$/, '@s.whatsapp.net');
}

function toKey({ waId: id, chatId, fromMe }: MessageTarget): WireMessage {
  return { remoteJid: toWireJid(chatId), fromMe, id };
}

function toMedia(content: MediaContent, upload: MediaUpload | undefined): WireMessage {
  const { kind, mimetype, caption, ptt, native } = content;
  const { fileLength, mediaKeyTimestamp, fileName = content.fileName, ...file } = upload ?? {};
  const part = {
    ...given({ mimetype, ...file }),
    ...(fileLength !== undefined && { fileLength: String(fileLength) }),
    ...(mediaKeyTimestamp !== undefined && { mediaKeyTimestamp: String(mediaKeyTimestamp) }),
    // Of native buttons the text stands in their body.
    ...(!native && given({ caption })),
    ...(kind === 'audio' && ptt !== undefined && { ptt }),
    ...(kind === 'document' && given({ fileName, title: fileName })),
  };
  const message = { [MEDIA_FIELDS[kind]]: part };
  if (!native) return message;
  const { header, ...interactive } = toInteractive(native);
  return {
    interactiveMessage: {
      ...interactive,
      header: { ...header, hasMediaAttachment: true, ...message },
    },
  };
}

function toInteractive({ title, body, footer, buttons }: NativeFlow) {
  return {
    header: { title: title ?? '', hasMediaAttachment: false },
    body: { text: body },
    ...(footer !== undefined && { footer: { text: footer } }),
    nativeFlowMessage: {
      buttons: buttons.map(({ name, params }) => ({ name, buttonParamsJson: params })),
      messageParamsJson: '{}',
      messageVersion: 1,
    },
  };
}

/** WhatsApp's apps take polls with one choice and with several under different names. */
function toPoll({
  name,
  options,
  selectable,
  secret,
}: Extract<MessageContent, { kind: 'poll' }>): WireMessage {
  const field = selectable === 1 ? 'pollCreationMessageV3' : 'pollCreationMessage';
  return {
    messageContextInfo: { messageSecret: secret },
    [field]: {
      name,
      options: options.map((optionName) => ({ optionName })),
      selectableOptionsCount: selectable,
    },
  };
}

function given<T extends Readonly<Record<string, unknown>>>(fields: T): WireMessage {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
