import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Language } from '#shared/domain/language.ts';

it.each([
  ['en', 'en'],
  ['EN-us', 'en-US'],
  ['pt-br', 'pt-BR'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['sw-KE', 'sw-KE'],
  ['es-419', 'es-419'],
  ['yo', 'yo'],
  ['sn', 'sn'],
  ['iw', 'he'],
])('keeps %s as %s', (text, kept) => {
  expect(Language.parse(text)).toBe(kept);
});

it.each([
  '',
  'xx',
  'zz-ZZ',
  'und',
  'english',
  'en_US',
  'en-',
  'en-u-co-phonebk',
  'x-private',
  'i-klingon',
  `en${'-abcde'.repeat(10_000)}`,
])('refuses %j', (text) => {
  const { success, error } = Language.safeParse(text);

  expect(success).toBe(false);
  expect(error?.issues[0]?.message).toBe('must be a language like en or pt-BR');
});

it('throws at no text, and keeps what it made', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { data } = Language.safeParse(text);
      if (data !== undefined) expect(Language.parse(data)).toBe(data);
    }),
  );
});
