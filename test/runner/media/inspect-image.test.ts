import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { inspectImage, toSticker } from '#runner/media/inspect-image.ts';
import { aNoisyPicture, aPicture } from './sample-files.ts';

const SMALL_BYTES_MAX = 3_000;

describe('inspectImage', () => {
  it.each([
    [1_000, 1_000],
    [2_000, 1_500],
    [64, 64],
  ])('has under 3 KB for any picture: noise of %i × %i', async (width, height) => {
    const seen = await inspectImage(await aNoisyPicture(width, height));
    expect(seen).toMatchObject({ width, height });
    expect(Buffer.from(seen.jpegThumbnail ?? '', 'base64').length).toBeLessThan(SMALL_BYTES_MAX);
  });

  it('does not make a tiny picture larger', async () => {
    const { jpegThumbnail } = await inspectImage(await aPicture('png', { width: 3, height: 2 }));
    expect(await sharp(Buffer.from(jpegThumbnail ?? '', 'base64')).metadata()).toMatchObject({
      width: 3,
      height: 2,
    });
  });

  it('shows what is clear as white', async () => {
    const create = { width: 90, height: 90, channels: 4, background: '#00000000' } as const;
    const { jpegThumbnail } = await inspectImage(await sharp({ create }).png().toBuffer());
    const { dominant } = await sharp(Buffer.from(jpegThumbnail ?? '', 'base64')).stats();
    expect(Math.min(dominant.r, dominant.g, dominant.b)).toBeGreaterThan(240);
  });
});

describe('of a picture that is to be opened whole, inspectImage', () => {
  const create = { width: 5_000, height: 4_000, channels: 3, background: '#3366cc' } as const;
  const heavy = [
    [
      'a progressive JPEG',
      async () => await sharp({ create }).jpeg({ progressive: true }).toBuffer(),
    ],
    [
      'an interlaced PNG',
      async () => await sharp({ create }).png({ progressive: true }).toBuffer(),
    ],
    ['a WebP', async () => await sharp({ create }).webp({ effort: 0 }).toBuffer()],
  ] as const;

  it.each(heavy)('tells the size alone: %s', async (_what, draw) => {
    expect(await inspectImage(await draw())).toEqual({ width: 5_000, height: 4_000 });
  });

  it.each(heavy)('leaves the making of a sticker undone: %s', async (_what, draw) => {
    const making = toSticker(await draw());
    await expect(making).rejects.toMatchObject({ code: 'media_type_refused' });
  });
});

describe('toSticker', () => {
  it('keeps the shape of a picture, with nothing around it', async () => {
    const sticker = await toSticker(await aPicture('png', { width: 100, height: 50 }));
    const { data } = await sharp(sticker).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([data[3], data[(256 * 512 + 256) * 4 + 3]]).toEqual([0, 255]);
  });
});
