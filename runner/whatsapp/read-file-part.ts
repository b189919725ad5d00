import type { proto } from '@whiskeysockets/baileys';
import type { MediaKind } from '#shared/domain/message-content.ts';
import type { InboundContent, InboundMediaReference } from '../inbound/inbound-message.ts';

const KEY_BYTES = 32;
const SHA256_BYTES = 32;
const UNKNOWN_TYPE = 'application/octet-stream';

/** What the messages with a file in them have in common; not each kind has all of it. */
type FilePart = Pick<
  proto.Message.IImageMessage,
  'directPath' | 'mediaKey' | 'fileSha256' | 'fileEncSha256' | 'fileLength' | 'mimetype'
> & {
  readonly caption?: string | null;
  readonly fileName?: string | null;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly seconds?: number | null;
};

type FileDetails = Pick<
  InboundContent,
  'text' | 'caption' | 'mimetype' | 'media' | 'fileName' | 'width' | 'height' | 'seconds'
>;

/** In WhatsApp's protobuf what is not said is empty or 0. */
export function readFilePart(kind: MediaKind, part: FilePart): FileDetails {
  const { caption, fileName, width, height, seconds } = part;
  const mimetype = part.mimetype || UNKNOWN_TYPE;
  const media = readReference(kind, mimetype, part);
  return {
    text: caption ?? '',
    mimetype,
    ...(media && { media }),
    ...(caption && { caption }),
    ...(fileName && { fileName }),
    ...(width && { width }),
    ...(height && { height }),
    ...(seconds && { seconds }),
  };
}

/** The part's `url` is not looked at: whoever sends a message could have us dial any address by it. */
function readReference(
  kind: MediaKind,
  mimetype: string,
  { directPath, mediaKey, fileSha256, fileEncSha256, fileLength }: FilePart,
): InboundMediaReference | undefined {
  if (!directPath || mediaKey?.length !== KEY_BYTES) return undefined;
  if (fileSha256?.length !== SHA256_BYTES || fileEncSha256?.length !== SHA256_BYTES) {
    return undefined;
  }
  const bytes = { mediaKey, fileSha256, fileEncSha256 };
  return { kind, directPath, ...bytes, fileLength: Number(fileLength ?? 0), mimetype };
}
