import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText } from '#shared/bot/fold-text.ts';
import type { KeywordRule } from '#shared/bot/keyword-rule.ts';
import { findRule, LOOKED_AT_MAX } from '#shared/bot/match-rule.ts';
import { checkPattern, compilePattern } from '#shared/bot/pattern.ts';
import { aRule } from './a-bot.ts';

const finds = (text: string, changes: Partial<KeywordRule>) =>
  findRule(text, false, [aRule(changes)]).kind === 'found';
const found = (text: string, isGroup: boolean, rules: readonly KeywordRule[]) => {
  const search = findRule(text, isGroup, rules);
  return search.kind === 'found' ? search : undefined;
};

describe('the ways to match', () => {
  it.each<[KeywordRule['match'], string, string, boolean]>([
    ['exact', 'opening hours', ' Opening   HOURS ', true],
    ['exact', 'opening hours', 'opening hours?', false],
    ['prefix', 'book', 'booking for two', true],
    ['prefix', 'book', 'a book', false],
    ['contains', 'price', 'overpriced', true],
    ['word', 'price', 'overpriced', false],
    ['word', 'price', 'What’s the price?', true],
    ['word', 'price', 'price', true],
    ['word', 'opening hours', 'Your opening hours, please', true],
    ['word', 'c++', 'I like C++.', true],
    ['word', 'não', 'isso nao!', true],
    ['word', '价格', '请问价格多少', true],
    ['word', 'قيمة', 'ما قِيمَة هذا', true],
    ['word', 'one', 'one1 two', false],
    ['word', '👍', 'ok👍', true],
    ['regex', '^\\d{4}$', '1234', true],
    ['regex', '^\\d{4}$', '12345', false],
    ['regex', 'ORDER\\s+\\d+', 'my order 77', true],
    ['regex', 'acao', 'AÇÃO', true],
    ['regex', 'ação', 'AÇÃO', true],
    ['regex', 'ação', 'acao', false],
    ['regex', '^order \\d+$', ' order   77\n', true],
    ['regex', '.*', '', false],
    ['regex', '^$', ' \u200e ', false],
    ['word', '   ', 'anything', false],
    ['exact', '', '', false],
    ['word', 'menu', '_menu_ *please*', true],
    ['exact', '❤', '❤\ufe0f', true],
    ['exact', 'شكرا', '\u200fشكرا\u200f', true],
    ['exact', 'می\u200cخواهم', 'میخواهم', true],
    ['word', 'цена', 'Какая ЦЕНА?', true],
    ['word', 'цена', 'оценая', false],
    ['word', '𝒳y', 'a 𝒳y b', true],
    ['word', '😀', '😀😀', true],
    ['word', 'क', 'कि', false],
    ['word', 'price', '问price', true],
    ['word', 'price', 'price多', true],
    ['word', 'a a', 'xa a a', true],
    ['word', 'a', '𐐨a', false],
  ])('%s %j in %j: %s', (match, keyword, text, expected) => {
    expect(finds(text, { match, keywords: [keyword] })).toBe(expected);
  });

  it('minds capitals and accents when it is told to', () => {
    expect(finds('STOP', { keywords: ['stop'], caseSensitive: true })).toBe(false);
    expect(finds('stop', { keywords: ['stop'], caseSensitive: true })).toBe(true);
    expect(finds('acao', { keywords: ['ação'], accentSensitive: true })).toBe(false);
    expect(finds('AÇÃO', { keywords: ['ação'], accentSensitive: true })).toBe(true);
    expect(finds('İstanbul', { keywords: ['istanbul'], accentSensitive: true })).toBe(true);
    const pattern = { match: 'regex' } as const;
    expect(finds('STOP', { ...pattern, keywords: ['stop'], caseSensitive: true })).toBe(false);
    expect(finds('ação', { ...pattern, keywords: ['acao'], accentSensitive: true })).toBe(false);
    expect(finds('ação', { ...pattern, keywords: ['ação'], accentSensitive: true })).toBe(true);
  });

  it('looks no further than so far into a message', () => {
    const text = `${'x '.repeat(LOOKED_AT_MAX / 2)}hello`;
    expect(finds(text, {})).toBe(false);
  });
});

describe('which of several rules it is', () => {
  const older = aRule({
    keywordId: '6b0000000000000000000002',
    createdAt: '2026-01-01T00:00:00.000Z',
  });
  const newer = aRule({
    keywordId: '6b0000000000000000000001',
    createdAt: '2026-01-02T00:00:00.000Z',
  });

  it('is the one with the highest priority, and of equals the older', () => {
    expect(found('hello', false, [newer, older])?.rule).toBe(older);
    const urgent = { ...newer, priority: 1 };
    expect(found('hello', false, [older, urgent])?.rule).toBe(urgent);
  });

  it('is none that is off, or of other chats', () => {
    const rules = [
      { ...older, enabled: false },
      { ...newer, chats: 'group' as const },
    ];
    expect(found('hello', false, rules)).toBeUndefined();
    expect(found('hello', true, rules)?.rule).toBe(rules[1]);
  });

  it('names the keyword', () => {
    const rule = aRule({ keywords: ['bye', 'HELLO'] });
    expect(found('hello', false, [rule])?.keyword).toBe('HELLO');
  });
});

describe('folding', () => {
  it.each([
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'straße'],
    ['été', 'e\u0301te\u0301'],
    ['أهلا', 'اهلا'],
    ['한국', '\u1112\u1161\u11ab\u1100\u116e\u11a8'],
    ['İstanbul', 'istanbul'],
    ['ısı', 'ISI'],
    ['ΟΔΟΣ', 'οδος'],
    ['Łódź', 'lodz'],
    ['Ｈｅｌｌｏ', 'hello'],
    ['مَرحَبا', 'مرحبا'],
    ['crème brûlée', 'Creme  Brulee'],
  ])('%s is %s', (one, other) => {
    const folding = { caseSensitive: false, accentSensitive: false };
    expect(foldText(one, folding)).toBe(foldText(other, folding));
  });

  it.each([
    ['が', 'か'],
    ['कि', 'क'],
  ])('%s is not %s', (one, other) => {
    const folding = { caseSensitive: false, accentSensitive: false };
    expect(foldText(one, folding)).not.toBe(foldText(other, folding));
  });

  it.each([true, false])('has one form for a letter and its capital (accents: %s)', (accented) => {
    const fold = (text: string) =>
      foldText(`x${text}x`, { caseSensitive: false, accentSensitive: accented });
    const small = Array.from({ length: 0x20000 }, (_, code) => String.fromCodePoint(code)).filter(
      (letter) => /\p{L}/u.test(letter) && letter.toUpperCase() !== letter,
    );
    // The iota below a letter of ancient Greek goes as an accent, and stands beside the capital as a letter.
    const differing = small
      .filter((letter) => fold(letter) !== fold(letter.toUpperCase()))
      .filter((letter) => accented || !letter.normalize('NFD').includes('\u0345'));
    expect(differing).toEqual([]);
    expect(small.length).toBeGreaterThan(1_000);
  });

  it('changes nothing that it has folded', () => {
    const folding = fc.record({ caseSensitive: fc.boolean(), accentSensitive: fc.boolean() });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), folding, (text, how) => {
        const once = foldText(text, how);
        expect(foldText(once, how)).toBe(once);
      }),
    );
  });
});

describe('patterns of customers', () => {
  it.each([
    ['', 'empty'],
    ['a'.repeat(513), 'at most 512'],
    ['(', 'missing closing'],
    ['(?=a)', 'unsupported'],
    ['(a)\\1', 'invalid escape'],
    ['(a{1000}){1000}', 'repeat'],
    ['(a?){400}a{400}', 'repeats too much'],
  ])('%j is refused', (pattern, words) => {
    expect(checkPattern(pattern)).toContain(words);
  });

  it('are as long as they may be when they are plain letters', () => {
    expect(checkPattern('aé价'.repeat(170))).toBeUndefined();
  });

  it('can be used when they are not refused, whatever they are', () => {
    const piece = fc.constantFrom(
      ...['a', 'É', '价', '😀', '(', ')', '[', ']', '{2}', '{1,9}', '*', '+?', '|', '^', '$', '.'],
      ...[
        '\\d',
        '\\pL',
        '\\b',
        '\\',
        '(?i)',
        '(?:',
        '(?P<n>',
        '[^',
        '-',
        '\\Q',
        '\\x{41}',
        '\ud800',
      ],
    );
    const pattern = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    let usable = 0;
    fc.assert(
      fc.property(pattern, fc.string({ unit: 'grapheme' }), (written, text) => {
        if (checkPattern(written) !== undefined) return;
        usable += 1;
        for (const caseSensitive of [true, false]) {
          expect(compilePattern(written, { caseSensitive }).finds(text)).toBeTypeOf('boolean');
        }
      }),
      { numRuns: 1_000 },
    );
    expect(usable).toBeGreaterThan(100);
  });

  it.each(['(a+)+$', '(a|aa)+$', '(a?){30}a{30}$'])(
    '%s takes time that grows with the text alone',
    (pattern) => {
      const { finds: find } = compilePattern(pattern, { caseSensitive: false });
      const leastMs = (length: number) => {
        const text = `${'a'.repeat(length)}b`;
        const times = Array.from({ length: 5 }, () => {
          const startMs = performance.now();
          for (let n = 0; n < 10; n += 1) find(text);
          return performance.now() - startMs;
        });
        return Math.min(...times);
      };
      leastMs(LOOKED_AT_MAX);
      // Eight times the text: a backtracking engine would not come back at all.
      expect(leastMs(LOOKED_AT_MAX)).toBeLessThan(leastMs(LOOKED_AT_MAX / 8) * 64);
    },
  );
});

describe('the work for one message', () => {
  /** Each takes all of a long text. */
  const slow = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      aRule({ match: 'regex', keywords: [`[a-z ]{0,${200 + n}}!$`], priority: 1 }),
    );
  const last = aRule({ match: 'contains', keywords: ['hello'] });
  const long = 'x '.repeat(LOOKED_AT_MAX / 2 - 3).concat('hello');

  it('ends before others have to wait, and tells at which rule', () => {
    const rules = [...slow(50), last];
    const search = findRule(long, false, rules);
    expect(search.kind).toBe('given_up');
    expect(search.kind === 'given_up' && rules.indexOf(search.rule)).toBeGreaterThan(2);
    expect(search.kind === 'given_up' && rules.indexOf(search.rule)).toBeLessThan(40);
  });

  it('is enough for as many patterns when the message is short', () => {
    expect(found('hello', false, [...slow(50), last])?.rule).toBe(last);
  });

  it('is enough for a thousand rules with words', () => {
    const rules = Array.from({ length: 1_000 }, (_, n) =>
      aRule({ keywords: [`word${n}`, `another word${n}`, `the third${n}`], priority: 1 }),
    );
    expect(found(long, false, [...rules, last])?.rule).toBe(last);
  });

  it('is counted for words that nearly are there, too', () => {
    const rules = Array.from({ length: 500 }, (_, n) => aRule({ keywords: ['a'.repeat(n + 1)] }));
    expect(findRule('a'.repeat(LOOKED_AT_MAX), false, rules).kind).toBe('given_up');
  });
});
