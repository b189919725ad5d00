import decodeQR from 'qr/decode.js';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { drawQr } from '#functions/instances/draw-qr.ts';
import { qrPng } from '#functions/instances/qr-png.ts';

it.each(['x', `2@${'Ab3+/'.repeat(30)},${'y'.repeat(44)}`, 'z'.repeat(1_000)])(
  'draws a code that a scanner reads, for %j',
  async (code) => {
    const { data, info } = await sharp(drawQr(code))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });

    expect(decodeQR({ width: info.width, height: info.height, data })).toBe(code);
  },
);

it('draws each module as a square of whole pixels, and is as wide as they allow', async () => {
  const modules = [
    [true, false, true],
    [false, false, false],
    [true, true, false],
  ];
  const { data, info } = await sharp(qrPng(modules, { widthPx: 8 }))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });

  expect([info.width, info.height]).toEqual([6, 6]);
  const pixels = Array.from({ length: 6 }, (_, y) =>
    Array.from({ length: 6 }, (_, x) => data[y * 6 + x] === 0),
  );
  expect(pixels).toEqual(
    Array.from({ length: 6 }, (_, y) =>
      Array.from({ length: 6 }, (_, x) => modules[Math.floor(y / 2)]?.[Math.floor(x / 2)]),
    ),
  );
});

it('is never narrower than a pixel a module', async () => {
  const { width } = await sharp(qrPng([[true]], { widthPx: 0 })).metadata();
  expect(width).toBe(1);
});
