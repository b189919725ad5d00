import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { decideMediaType, MEDIA_BYTES_MAX } from '#shared/domain/media-type.ts';
import type { MediaContent, MediaSource, MediaUpload } from '#shared/domain/message-content.ts';
import { SNIFFED_BYTES, sniffType } from '#shared/media/sniff-type.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { type MediaFile, openBlobFile, readHead } from './blob-file.ts';
import { type InspectedFile, inspectFile } from './inspect-file.ts';
import { deriveMediaKeys, digestMedia, encryptMedia, MEDIA_KEY_BYTES } from './media-cipher.ts';
import { asFailure, MediaFailed, type MediaFailure } from './media-failed.ts';
import { storeUrl, type WebDeps } from './store-url.ts';
import { type UploadDeps, uploadMedia } from './upload-media.ts';

/** A message with a file, on its way out. */
export type OutgoingMedia = {
  readonly instanceId: string;
  readonly messageId: string;
  readonly content: MediaContent;
};

export type PrepareOutcome =
  | {
      readonly kind: 'ready';
      readonly upload: MediaUpload;
      /** What a document is called, if anybody says. */
      readonly fileName?: string;
    }
  | MediaFailure;

export type PrepareDeps = {
  readonly blobs: Pick<Blobs, 'stat' | 'read' | 'write'>;
  /** To the URLs of customers. */
  readonly web: WebDeps;
  /** To WhatsApp's media hosts. */
  readonly whatsapp: UploadDeps;
  readonly randomBytes: (bytes: number) => Uint8Array;
  readonly now: () => Date;
};

/**
 * Gives WhatsApp the file of a message: brought here if it is behind a URL, looked at, encrypted under a key of its
 * own and uploaded, always as a stream. Fails for good, or throws for what may pass: then it may be called again.
 */
export async function prepareMedia(
  media: OutgoingMedia,
  deps: PrepareDeps,
): Promise<PrepareOutcome> {
  try {
    return await prepare(media, deps);
  } catch (error) {
    return asFailure(error);
  }
}

async function prepare(media: OutgoingMedia, deps: PrepareDeps): Promise<PrepareOutcome> {
  const { kind, source, fileName = nameIn(source) } = media.content;
  const file = await openBlobFile(await bringHere(media, deps), deps.blobs);
  checkSize(file);
  const sniffed = await sniffType(await readHead(file, SNIFFED_BYTES));
  const type = decideMediaType(kind, { claimed: media.content.mimetype, sniffed, fileName });
  if (type.kind === 'refused') throw new MediaFailed('media_type_refused', type.reason);
  const { mimetype } = type;
  const inspected = await inspectFile(file, { kind, mimetype, sniffed });
  const upload = await sealAndUpload(inspected.file, media, deps);
  return {
    kind: 'ready',
    upload: { ...upload, mimetype, ...detailsOf(inspected) },
    ...(kind === 'document' && fileName !== undefined && { fileName }),
  };
}

/** The key of the file; what was fetched at an earlier try is not fetched again. */
async function bringHere(media: OutgoingMedia, deps: PrepareDeps): Promise<string> {
  const { source } = media.content;
  if (source.kind === 'blob') return source.key;
  const key = mediaKeys.sent(media.instanceId, media.messageId);
  const isHere = (await deps.blobs.stat(key)) !== undefined;
  if (!isHere) await storeUrl({ url: source.url, key }, deps);
  return key;
}

function checkSize({ bytes }: MediaFile): void {
  if (bytes === 0) throw new MediaFailed('media_empty', 'The file is empty.');
  if (bytes > MEDIA_BYTES_MAX) throw new MediaFailed('media_too_large', 'The file is too large.');
}

/** Encrypts twice, for the hashes and for the host, because nothing of it is kept in between. */
async function sealAndUpload(
  file: MediaFile,
  { content: { kind } }: OutgoingMedia,
  { whatsapp, randomBytes, now }: PrepareDeps,
): Promise<Omit<MediaUpload, 'mimetype'>> {
  const mediaKey = randomBytes(MEDIA_KEY_BYTES);
  const keys = deriveMediaKeys(kind, mediaKey);
  const { fileSha256, fileEncSha256, bytes, encryptedBytes } = await digestMedia(file.read(), keys);
  const sealed = {
    kind,
    sha256: fileEncSha256,
    bytes: encryptedBytes,
    read: () => encryptMedia(file.read(), keys),
  };
  return {
    ...(await uploadMedia(sealed, whatsapp)),
    mediaKey: Buffer.from(mediaKey).toString('base64'),
    fileSha256: fileSha256.toString('base64'),
    fileEncSha256: fileEncSha256.toString('base64'),
    fileLength: bytes,
    mediaKeyTimestamp: Math.floor(now().getTime() / 1000),
  };
}

function detailsOf({ width, height, seconds, jpegThumbnail }: InspectedFile) {
  return {
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(seconds !== undefined && { seconds }),
    ...(jpegThumbnail !== undefined && { jpegThumbnail }),
  };
}

/** The last part of a URL's path is what a browser would call the file. */
function nameIn(source: MediaSource): string | undefined {
  if (source.kind !== 'url' || !URL.canParse(source.url)) return undefined;
  const last = new URL(source.url).pathname.split('/').at(-1) ?? '';
  return decode(last).replace(UNFIT_IN_NAMES, '_') || undefined;
}

const UNFIT_IN_NAMES = /[\p{Cc}\\/]/gu;

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
