import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BotReply } from '#shared/bot/keyword-rule.ts';
import { renderReply } from '#shared/bot/render-reply.ts';
import { choicesOf } from '#shared/bot/seeded-choice.ts';
import { spin } from '#shared/bot/spintax.ts';
import { TEXT_LENGTH_MAX } from '#shared/domain/message-content.ts';

const ABOUT = {
  seed: 'a message',
  tokens: { name: 'Anna', number: '15550000002', botName: 'The shop' },
  language: 'en',
  timeZone: 'Africa/Harare',
  now: new Date('2026-11-22T12:05:00Z'),
};
const render = (reply: BotReply, changes: Partial<typeof ABOUT> = {}) =>
  renderReply(reply, { ...ABOUT, ...changes });
const say = (text: string, changes: Partial<typeof ABOUT> = {}) => {
  const content = render({ type: 'text', text }, changes);
  return content?.kind === 'text' ? content.text : undefined;
};

/** Braces and bars are groups and alternatives of a regular expression, too. */
function modelOf(text: string): RegExp {
  return new RegExp(`^${text.replaceAll('{', '(?:').replaceAll('}', ')')}$`, 'u');
}

describe('spintax', () => {
  it.each([
    ['{Hi|Hello} you', ['Hi you', 'Hello you']],
    ['{a|{b|c}d}', ['a', 'bd', 'cd']],
    ['{|x}', ['', 'x']],
    ['{x} {y', ['{x} {y']],
    ['a}b|c', ['a}b|c']],
    ['\\{a\\|b\\}', ['{a|b}']],
    ['{a\\|b|c}', ['a|b', 'c']],
    ['C:\\new', ['C:\\new']],
  ])('%s says one of %j', (text, options) => {
    const said = new Set(Array.from({ length: 64 }, (_, n) => spin(text, choicesOf(`seed ${n}`))));
    expect([...said].sort()).toEqual([...options].sort());
  });

  it('says nothing but what the braces allow', () => {
    const leaf = fc.constantFrom('a', 'b', ' ', 'ü');
    const text = fc.letrec<{ text: string; group: string }>((tie) => ({
      text: fc
        .array(fc.oneof({ maxDepth: 3 }, leaf, tie('group')), { maxLength: 3 })
        .map((parts) => parts.join('')),
      group: fc
        .array(tie('text'), { minLength: 2, maxLength: 3 })
        .map((options) => `{${options.join('|')}}`),
    })).text;
    fc.assert(
      fc.property(text, fc.string(), (spun, seed) => {
        expect(spin(spun, choicesOf(seed))).toMatch(modelOf(spun));
      }),
      { numRuns: 300 },
    );
  });

  it('chooses the same for the same message', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const text = '{a|b|c|d}{a|b|c|d}{a|b|c|d}';
        expect(spin(text, choicesOf(seed))).toBe(spin(text, choicesOf(seed)));
      }),
    );
  });

  it('chooses each about as often', () => {
    const counts = new Map<string, number>();
    for (let n = 0; n < 3_000; n += 1) {
      const said = spin('{a|b|c}', choicesOf(`3EB0${n}`));
      counts.set(said, (counts.get(said) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(count).toBeGreaterThan(850);
  });

  it('takes a text of braces alone for what it is', () => {
    const deep = '{'.repeat(60_000);
    expect(spin(deep, choicesOf('x'))).toBe(deep);
    const wide = `${'{a|'.repeat(20_000)}b${'}'.repeat(20_000)}`;
    expect(spin(wide, choicesOf('x')).length).toBeGreaterThan(0);
  });
});

describe('tokens', () => {
  it('are filled, whatever their capitals', () => {
    expect(say('Hi [name] ([NUMBER]), I am [Bot_Name].')).toBe(
      'Hi Anna (15550000002), I am The shop.',
    );
  });

  it('tell date and time in the bot’s language and zone', () => {
    expect(say('[date], [time]')).toBe('November 22, 2026, 2:05 PM');
    expect(say('[date], [time]', { language: 'de', timeZone: '-03:30' })).toBe(
      '22. November 2026, 08:35',
    );
  });

  it('go with their space where nothing is known', () => {
    const tokens = { botName: 'The shop' };
    const content = renderReply(
      { type: 'text', text: 'Hi [name], your number [number].' },
      { ...ABOUT, tokens },
    );
    expect(content).toEqual({ kind: 'text', text: 'Hi, your number.' });
  });

  it('are not looked for in what was put in, nor are options', () => {
    const tokens = { ...ABOUT.tokens, name: '{a|b} [date] $& [name]' };
    const content = renderReply({ type: 'text', text: '[name]!' }, { ...ABOUT, tokens });
    expect(content).toEqual({ kind: 'text', text: '{a|b} [date] $& [name]!' });
  });

  it('that nobody knows stay', () => {
    expect(say('[nickname] [ name ]')).toBe('[nickname] [ name ]');
  });
});

describe('a reply', () => {
  it('is none when nothing is left to say', () => {
    expect(
      renderReply({ type: 'text', text: '[name]' }, { ...ABOUT, tokens: { botName: 'x' } }),
    ).toBeUndefined();
  });

  it('is cut at the end of a character', () => {
    const text = say(`${'x'.repeat(TEXT_LENGTH_MAX - 1)}😀`);
    expect(text).toHaveLength(TEXT_LENGTH_MAX - 1);
  });

  it('may be a file, with a caption where there is one', () => {
    const source = { kind: 'blob', key: 'a/b' } as const;
    expect(render({ type: 'media', kind: 'image', source, caption: 'For [name]' })).toEqual({
      kind: 'image',
      source,
      caption: 'For Anna',
    });
    expect(render({ type: 'media', kind: 'audio', source, caption: 'x' })).toEqual({
      kind: 'audio',
      source,
    });
  });

  it('may be a list, whose options can be chosen by what they show', () => {
    const content = render({
      type: 'list',
      menu: { text: 'Hi [name]', sections: [{ rows: [{ id: '1', title: '[bot_name]' }] }] },
    });
    expect(content).toEqual({
      kind: 'text',
      text: 'Hi Anna\n\n1. The shop',
      choices: [{ id: '1', title: 'The shop' }],
    });
  });

  it('may be a contact', () => {
    const card = { fullName: 'The desk', displayName: 'The desk', phoneNumber: '15550000003' };
    expect(render({ type: 'contact', card })).toMatchObject({
      kind: 'contact',
      displayName: 'The desk',
    });
  });
});
