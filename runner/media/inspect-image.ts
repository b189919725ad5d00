import sharp, { type Sharp } from 'sharp';
import { MediaFailed } from './media-failed.ts';

/** A photo of a good camera has as many. Most are opened line by line, and take no memory to speak of. */
const PIXELS_MAX = 50_000_000;
/** What comes from coarse to fine, and a WebP, is open whole, with up to four bytes for each pixel. */
const WHOLE_PIXELS_MAX = 16_000_000;
/** What a phone shows until it has the picture itself: under 3 KB of JPEG, whatever is on it. */
const THUMBNAIL_PX = 64;
const THUMBNAIL_QUALITY = 40;
/** WhatsApp's stickers are of this size. */
const STICKER_PX = 512;

const UNREADABLE = 'The picture cannot be read: it is damaged, or has too many pixels.';
const WHITE = '#ffffff';
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };

export type SeenImage = {
  readonly width: number;
  readonly height: number;
  /** In base64; not of each picture. */
  readonly jpegThumbnail?: string;
};

/** How large a picture is as it is shown, and a small one of it. Throws `MediaFailed` for what is no picture. */
export async function inspectImage(bytes: Uint8Array): Promise<SeenImage> {
  return await unlessNoPicture(async () => {
    const { width, height, isHeavy } = await measure(bytes);
    if (isHeavy) return { width, height };
    const thumbnail = await openImage(bytes)
      .autoOrient()
      .resize(THUMBNAIL_PX, THUMBNAIL_PX, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: WHITE })
      .jpeg({ quality: THUMBNAIL_QUALITY })
      .toBuffer();
    return { width, height, jpegThumbnail: thumbnail.toString('base64') };
  });
}

/** The picture as a sticker. Throws `MediaFailed` for what is no picture, or takes too much to be opened. */
export async function toSticker(bytes: Uint8Array): Promise<Buffer> {
  return await unlessNoPicture(async () => {
    const { isHeavy } = await measure(bytes);
    if (isHeavy) throw new Error('The picture takes too much memory.');
    return await openImage(bytes)
      .autoOrient()
      .resize(STICKER_PX, STICKER_PX, { fit: 'contain', background: CLEAR })
      .webp()
      .toBuffer();
  });
}

async function measure(bytes: Uint8Array) {
  const { autoOrient, isProgressive, format } = await openImage(bytes).metadata();
  const { width, height } = autoOrient;
  const isWhole = isProgressive || format === 'webp';
  return { width, height, isHeavy: isWhole && width * height > WHOLE_PIXELS_MAX };
}

/** One thread a picture, and nothing kept between them: the runner's memory is for its sessions. */
function openImage(bytes: Uint8Array): Sharp {
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp(bytes, { limitInputPixels: PIXELS_MAX, failOn: 'error', sequentialRead: true });
}

/** sharp tells of everything that it cannot read by an `Error` of its own making. */
async function unlessNoPicture<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new MediaFailed('media_type_refused', UNREADABLE, { cause });
  }
}
