import { expect, it } from 'vitest';
import { html, noContent, ok, png, text } from '#functions/http/reply.ts';
import { toResult } from '#functions/http/to-result.ts';

it('gives each kind of reply its content type and encoding', () => {
  expect(toResult(noContent())).toEqual({ statusCode: 204, headers: {} });
  expect(toResult(ok('Done', [1], { 'x-a': 'b' }))).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'x-a': 'b' },
    body: '{"status":true,"message":"Done","data":[1]}',
  });
  expect(toResult(text('ä'))).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: 'ä',
  });
  expect(toResult(html('<p>', "default-src 'none'"))).toEqual({
    statusCode: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
    },
    body: '<p>',
  });
  expect(toResult(png(new Uint8Array([1, 2, 255])))).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'image/png' },
    body: 'AQL/',
    isBase64Encoded: true,
  });
});
