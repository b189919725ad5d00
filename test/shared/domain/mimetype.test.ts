import { expect, it } from 'vitest';
import { MediaType } from '#shared/domain/mimetype.ts';

it.each([
  'image/png',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'audio/ogg; codecs=opus',
  'text/plain;charset="utf-8"; format=flowed',
  'image/svg+xml',
  'IMAGE/JPEG',
])('takes %s', (text) => {
  expect(MediaType.parse(` ${text}`)).toBe(text);
});

it.each([
  '',
  'png',
  'image/',
  '/png',
  'image/png, text/html',
  'image/png\r\nx: y',
  'image/png; charset',
  'text/plain; a="b',
  'bild/für',
  `image/${'x'.repeat(300)}`,
])('refuses %j', (text) => {
  expect(MediaType.safeParse(text).error?.issues[0]?.message).toBe(
    'must be a media type, like image/png',
  );
});
