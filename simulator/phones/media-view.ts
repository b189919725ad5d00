import type { MediaKind } from '#simulator/media/media-cipher.ts';
import type { Message } from '#simulator/proto/messages.ts';
import type { MessageView } from '#simulator/store/message-view.ts';

import { unwrap } from './unwrap-message.ts';

/** A message, or a header of one: both may hold media. */
type MediaHolder = Pick<Message, 'imageMessage' | 'videoMessage' | 'documentMessage'> &
  Partial<Pick<Message, 'ptvMessage' | 'audioMessage' | 'stickerMessage'>>;

/** The fields of all kinds of media. */
type MediaFields = {
  readonly mimetype?: string | undefined;
  readonly directPath?: string | undefined;
  readonly mediaKey?: Uint8Array | undefined;
  readonly fileSha256?: Uint8Array | undefined;
  readonly fileLength?: number | undefined;
  readonly fileName?: string | undefined;
  readonly caption?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly seconds?: number | undefined;
  readonly ptt?: boolean | undefined;
  readonly gifPlayback?: boolean | undefined;
  readonly jpegThumbnail?: Uint8Array | undefined;
};

/** Where a message's media is and how to open it. */
export type MediaReference = {
  readonly kind: MediaKind;
  readonly mimetype: string;
  readonly directPath: string;
  readonly mediaKey: Buffer;
  readonly sha256: Buffer;
};

const UNKNOWN_MIMETYPE = 'application/octet-stream';

/** The media of a message, or of its header, when it is complete. */
export function mediaOf(message: Message): MediaReference | undefined {
  const inner = unwrap(message);
  for (const [kind, fields] of [...mediaFields(inner), ...mediaFields(headerOf(inner))]) {
    if (!fields?.directPath || !fields.mediaKey || !fields.fileSha256) continue;
    return {
      kind,
      mimetype: fields.mimetype ?? UNKNOWN_MIMETYPE,
      directPath: fields.directPath,
      mediaKey: Buffer.from(fields.mediaKey),
      sha256: Buffer.from(fields.fileSha256),
    };
  }
  return undefined;
}

/** What a phone shows of an unwrapped message that is media. */
export function viewOfMedia(message: Message): MessageView | undefined {
  const [kind, fields] = mediaFields(message).find(([, found]) => found) ?? [];
  if (!kind || !fields) return undefined;
  return {
    type: typeOf(kind, message),
    text: fields.caption ?? '',
    caption: fields.caption || undefined,
    media: describe(fields),
  };
}

/** The picture, film or file at the head of a message with buttons. */
export function headerMediaOf(message: Message): MessageView['media'] {
  const [, fields] = mediaFields(headerOf(message)).find(([, found]) => found) ?? [];
  return fields && describe(fields);
}

function headerOf(message: Message): MediaHolder {
  return (
    message.interactiveMessage?.header ??
    message.templateMessage?.hydratedTemplate ??
    message.buttonsMessage ??
    {}
  );
}

function mediaFields(m: MediaHolder): readonly (readonly [MediaKind, MediaFields | undefined])[] {
  return [
    ['image', m.imageMessage],
    ['video', m.videoMessage ?? m.ptvMessage],
    ['audio', m.audioMessage],
    ['document', m.documentMessage],
    ['sticker', m.stickerMessage],
  ];
}

function typeOf(kind: MediaKind, message: Message): string {
  if (message.audioMessage?.ptt) return 'ptt';
  return message.ptvMessage ? 'ptv' : kind;
}

function describe(fields: MediaFields): NonNullable<MessageView['media']> {
  return {
    mimetype: fields.mimetype ?? UNKNOWN_MIMETYPE,
    size: fields.fileLength ?? 0,
    sha256: Buffer.from(fields.fileSha256 ?? []).toString('hex'),
    fileName: fields.fileName || undefined,
    width: fields.width || undefined,
    height: fields.height || undefined,
    seconds: fields.seconds || undefined,
    ptt: fields.ptt || undefined,
    gif: fields.gifPlayback || undefined,
    thumbnail: (fields.jpegThumbnail?.length ?? 0) > 0 || undefined,
  };
}
