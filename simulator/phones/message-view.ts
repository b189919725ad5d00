import type { MediaKind } from '#simulator/media/media-cipher.ts';
import { type Message, PROTOCOL_TYPE } from '#simulator/proto/messages.ts';
import type { MessageView } from '#simulator/store/message-records.ts';

/** How deep messages may be wrapped in each other (disappearing, view once, edited …). */
const WRAPPERS_MAX = 8;

/** The fields that all kinds of media share. */
type MediaFields = NonNullable<Message['imageMessage'] | Message['documentMessage']> & {
  readonly fileName?: string | undefined;
  readonly caption?: string | undefined;
};

/** Where a message's media is and how to open it. */
export type MediaReference = {
  readonly kind: MediaKind;
  readonly mimetype: string;
  readonly directPath: string;
  readonly mediaKey: Buffer;
  readonly sha256: Buffer;
};

type Viewer = (message: Message) => MessageView | undefined;

/** The message inside its wrappers, and inside the copy for the sender's other devices. */
function unwrap(message: Message): Message {
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

/** What a phone shows of a message; undefined when it is only talk between devices. */
export function viewOf(message: Message): MessageView | undefined {
  const inner = unwrap(message);
  for (const viewer of VIEWERS) {
    const view = viewer(inner);
    if (view) return withoutEmpty({ ...view, quotedId: view.quotedId ?? quotedIdOf(inner) });
  }
  const isForDevices = inner.protocolMessage || inner.senderKeyDistributionMessage;
  return isForDevices ? undefined : { type: 'unknown', text: '' };
}

/** The media of a message, when it is complete. */
export function mediaOf(message: Message): MediaReference | undefined {
  const inner = unwrap(message);
  for (const [kind, fields] of mediaFields(inner)) {
    if (!fields?.directPath || !fields.mediaKey || !fields.fileSha256) continue;
    return {
      kind,
      mimetype: fields.mimetype ?? 'application/octet-stream',
      directPath: fields.directPath,
      mediaKey: Buffer.from(fields.mediaKey),
      sha256: Buffer.from(fields.fileSha256),
    };
  }
  return undefined;
}

const VIEWERS: readonly Viewer[] = [
  (m) => textView('text', m.conversation || m.extendedTextMessage?.text),
  viewOfMedia,
  viewOfProtocol,
  (m) =>
    m.reactionMessage && {
      type: 'reaction',
      text: m.reactionMessage.text ?? '',
      quotedId: m.reactionMessage.key?.id,
    },
  (m) =>
    m.locationMessage && {
      type: 'location',
      text: `${m.locationMessage.degreesLatitude ?? 0},${m.locationMessage.degreesLongitude ?? 0}`,
      caption: m.locationMessage.name,
    },
  (m) => m.contactMessage && { type: 'contact', text: m.contactMessage.displayName ?? '' },
  viewOfPoll,
  (m) => m.listMessage && { type: 'list', text: m.listMessage.description ?? '' },
  (m) => m.buttonsMessage && { type: 'buttons', text: m.buttonsMessage.contentText ?? '' },
  (m) =>
    m.templateMessage && {
      type: 'template',
      text: m.templateMessage.hydratedTemplate?.hydratedContentText ?? '',
    },
  (m) =>
    m.interactiveMessage && {
      type: 'interactive',
      text: m.interactiveMessage.body?.text ?? '',
    },
  (m) =>
    m.listResponseMessage && {
      type: 'list_response',
      text: m.listResponseMessage.singleSelectReply?.selectedRowId ?? '',
    },
  (m) =>
    m.buttonsResponseMessage && {
      type: 'buttons_response',
      text: m.buttonsResponseMessage.selectedButtonId ?? '',
    },
  (m) =>
    m.interactiveResponseMessage && {
      type: 'interactive_response',
      text: m.interactiveResponseMessage.nativeFlowResponseMessage?.paramsJson ?? '',
    },
];

function textView(type: string, text: string | undefined): MessageView | undefined {
  return text ? { type, text } : undefined;
}

function mediaFields(m: Message): readonly (readonly [MediaKind, MediaFields | undefined])[] {
  return [
    ['image', m.imageMessage],
    ['video', m.videoMessage],
    ['audio', m.audioMessage],
    ['document', m.documentMessage],
    ['sticker', m.stickerMessage],
  ];
}

function viewOfMedia(message: Message): MessageView | undefined {
  const [kind, fields] = mediaFields(message).find(([, found]) => found) ?? [];
  if (!kind || !fields) return undefined;
  return {
    type: message.audioMessage?.ptt ? 'ptt' : kind,
    text: fields.caption ?? '',
    caption: fields.caption,
    media: {
      mimetype: fields.mimetype ?? 'application/octet-stream',
      size: fields.fileLength ?? 0,
      sha256: Buffer.from(fields.fileSha256 ?? []).toString('hex'),
      ...(fields.fileName ? { fileName: fields.fileName } : {}),
    },
  };
}

function viewOfProtocol({ protocolMessage }: Message): MessageView | undefined {
  if (!protocolMessage) return undefined;
  const quotedId = protocolMessage.key?.id;
  // proto2 leaves the default out: a revoke has no type on the wire.
  switch (protocolMessage.type ?? PROTOCOL_TYPE.revoke) {
    case PROTOCOL_TYPE.revoke:
      return quotedId ? { type: 'revoke', text: '', quotedId } : undefined;
    case PROTOCOL_TYPE.messageEdit: {
      const edited = protocolMessage.editedMessage && viewOf(protocolMessage.editedMessage);
      return { type: 'edit', text: edited?.text ?? '', quotedId };
    }
    default:
      return undefined;
  }
}

function viewOfPoll(message: Message): MessageView | undefined {
  const poll =
    message.pollCreationMessage ?? message.pollCreationMessageV2 ?? message.pollCreationMessageV3;
  if (!poll) return undefined;
  const options = (poll.options ?? []).map((option) => option.optionName ?? '');
  return { type: 'poll', text: [poll.name ?? '', ...options].join('\n') };
}

function quotedIdOf(message: Message): string | undefined {
  const parts = [
    message.extendedTextMessage,
    message.imageMessage,
    message.videoMessage,
    message.audioMessage,
    message.documentMessage,
    message.stickerMessage,
    message.interactiveResponseMessage,
    message.listResponseMessage,
    message.buttonsResponseMessage,
  ];
  return parts.find((part) => part?.contextInfo?.stanzaId)?.contextInfo?.stanzaId;
}

function withoutEmpty(view: MessageView): MessageView {
  const { caption, quotedId, ...rest } = view;
  return { ...rest, ...(caption ? { caption } : {}), ...(quotedId ? { quotedId } : {}) };
}
