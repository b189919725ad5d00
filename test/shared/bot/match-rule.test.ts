import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText } from '#shared/bot/fold-text.ts';
import type { KeywordRule } from '#shared/bot/keyword-rule.ts';
import { findRule, LOOKED_AT_MAX } from '#shared/bot/match-rule.ts';
import { checkPattern, compilePattern } from '#shared/bot/pattern.ts';
import { aRule } from './a-bot.ts';

const finds = (text: string, changes: Partial<KeywordRule>) =>
  findRule(text, false, [aRule(changes)]) !== undefined;

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
    ['word', '   ', 'anything', false],
  ])('%s %j in %j: %s', (match, keyword, text, expected) => {
    expect(finds(text, { match, keywords: [keyword] })).toBe(expected);
  });

  it('minds capitals and accents when it is told to', () => {
    expect(finds('STOP', { keywords: ['stop'], caseSensitive: true })).toBe(false);
    expect(finds('stop', { keywords: ['stop'], caseSensitive: true })).toBe(true);
    expect(finds('acao', { keywords: ['ação'], accentSensitive: true })).toBe(false);
    expect(finds('AÇÃO', { keywords: ['ação'], accentSensitive: true })).toBe(true);
    expect(finds('STOP', { match: 'regex', keywords: ['stop'], caseSensitive: true })).toBe(false);
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
    expect(findRule('hello', false, [newer, older])?.rule).toBe(older);
    const urgent = { ...newer, priority: 1 };
    expect(findRule('hello', false, [older, urgent])?.rule).toBe(urgent);
  });

  it('is none that is off, or of other chats', () => {
    const rules = [
      { ...older, enabled: false },
      { ...newer, chats: 'group' as const },
    ];
    expect(findRule('hello', false, rules)).toBeUndefined();
    expect(findRule('hello', true, rules)?.rule).toBe(rules[1]);
  });

  it('names the keyword', () => {
    const rule = aRule({ keywords: ['bye', 'HELLO'] });
    expect(findRule('hello', false, [rule])?.keyword).toBe('HELLO');
  });
});

describe('folding', () => {
  it.each([
    ['Straße', 'STRASSE'],
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
  ])('%j is refused', (pattern, words) => {
    expect(checkPattern(pattern)).toContain(words);
  });

  it('takes time that grows with the text alone', () => {
    const find = compilePattern('(a+)+$', { caseSensitive: false });
    const timeOf = (length: number) => {
      const text = `${'a'.repeat(length)}b`;
      const startMs = performance.now();
      for (let n = 0; n < 20; n += 1) find(text);
      return performance.now() - startMs;
    };
    timeOf(512);
    // Eight times the text: a backtracking engine would not come back at all.
    expect(timeOf(4_096)).toBeLessThan(timeOf(512) * 64);
  });
});
