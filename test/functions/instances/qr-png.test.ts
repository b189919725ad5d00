import qrcode from 'qrcode';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { qrPng } from '#functions/instances/qr-png.ts';

const WIDTH_PX = 480;

/** The grey of each pixel, as another library reads it. */
async function pixelsOf(image: Buffer) {
  const { data, info } = await sharp(image).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

it.each(['x', `2@${'Ab3+/'.repeat(30)},${'y'.repeat(44)}`, 'z'.repeat(1_000)])(
  'draws the very pixels that the library itself would, for %j',
  async (code) => {
    const { modules } = qrcode.create(code, { errorCorrectionLevel: 'M' });
    const ours = await pixelsOf(qrPng(modules, { widthPx: WIDTH_PX }));
    const scale = Math.floor(WIDTH_PX / (modules.size + 8));
    const theirs = await pixelsOf(
      await qrcode.toBuffer(code, { errorCorrectionLevel: 'M', margin: 4, scale }),
    );

    expect(ours.width).toBe((modules.size + 8) * scale);
    expect(ours.height).toBe(ours.width);
    expect(ours.data.equals(theirs.data)).toBe(true);
  },
);

it('is never narrower than a pixel a module', async () => {
  const { modules } = qrcode.create('x', { errorCorrectionLevel: 'M' });
  const { width } = await pixelsOf(qrPng(modules, { widthPx: 1 }));
  expect(width).toBe(modules.size + 8);
});
