import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchChoice } from '#shared/domain/match-choice.ts';

const CHOICES = [
  { id: 'a', title: 'Green tea' },
  { id: 'b', title: 'Über-Kaffee' },
  { id: 'c', title: '1' },
];

describe('matchChoice', () => {
  it.each(['2', ' 2 ', '2.', '2)', '#2', '# 2', '02'])('takes %j for the second', (reply) => {
    expect(matchChoice(reply, CHOICES)?.id).toBe('b');
  });

  it.each(['green tea', '  GREEN   TEA ', 'Green\ntea'])('takes %j for the title', (reply) => {
    expect(matchChoice(reply, CHOICES)?.id).toBe('a');
  });

  it('folds letters beyond ASCII', () => {
    expect(matchChoice('ÜBER-KAFFEE', CHOICES)?.id).toBe('b');
  });

  it('takes a title for itself, even if it is a number', () => {
    expect(matchChoice('1', CHOICES)?.id).toBe('c');
  });

  it.each(['', '0', '4', '1000', '-2', '2.0', '2 please', 'tea'])(
    'finds nothing in %j',
    (reply) => {
      expect(matchChoice(reply, CHOICES)).toBeUndefined();
    },
  );

  it('finds nothing where nothing is offered', () => {
    expect(matchChoice('1', [])).toBeUndefined();
  });

  it('finds every option by its number, and by its title in whatever capitals', () => {
    const title = fc.string({ minLength: 1 }).filter((text) => /[a-z]/i.test(text));
    const titles = fc.uniqueArray(title, {
      minLength: 1,
      maxLength: 10,
      selector: (text) => text.trim().replaceAll(/\s+/g, ' ').toLowerCase(),
    });
    fc.assert(
      fc.property(titles, (all) => {
        const choices = all.map((text, n) => ({ id: `id ${n}`, title: text }));
        for (const [n, choice] of choices.entries()) {
          expect(matchChoice(`${n + 1}.`, choices)).toBe(choice);
          expect(matchChoice(` ${choice.title} `, choices)).toBe(choice);
          expect(matchChoice(choice.title.toLowerCase(), choices)).toBe(choice);
        }
      }),
    );
  });
});
