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

const AWAY: Readonly<Record<string, string>> = { '{': '\ue001', '|': '\ue002', '}': '\ue003' };

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

  /**
   * Another way to the same: the innermost braces first, until none are left. Braces that are text are put away as
   * letters meanwhile.
   */
  function naive(text: string, choose: (count: number) => number): string {
    let rest = text.replace(/\\([{|}])/g, (_, special: string) => AWAY[special] ?? '');
    for (let pair = /\{([^{}]*)\}/.exec(rest); pair; pair = /\{([^{}]*)\}/.exec(rest)) {
      const options = (pair[1] ?? '').split('|');
      const said =
        options.length > 1
          ? (options[choose(options.length)] ?? '')
          : `${AWAY['{']}${options[0]}${AWAY['}']}`;
      rest = rest.slice(0, pair.index) + said + rest.slice(pair.index + pair[0].length);
    }
    for (const [special, away] of Object.entries(AWAY)) rest = rest.replaceAll(away, special);
    return rest;
  }

  it.each([
    ['first', () => 0],
    ['last', (count: number) => count - 1],
    ['second', () => 1],
  ])('says the %s of all options, in any muddle of braces', (_, choose) => {
    const piece = fc.constantFrom('{', '{', '|', '|', '}', '}', '\\', 'a', 'b');
    const muddle = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(muddle, (text) => {
        expect(spin(text, choose)).toBe(naive(text, choose));
      }),
      { numRuns: 2_000 },
    );
  });

  it('goes as deep as the braces do', () => {
    const depth = 20_000;
    const deep = `${'{a|'.repeat(depth)}b${'}'.repeat(depth)}`;
    expect(spin(deep, (count) => count - 1)).toBe('b');
  });

  it('takes a text of braces alone for what it is', () => {
    const deep = '{'.repeat(60_000);
    expect(spin(deep, choicesOf('x'))).toBe(deep);
    const wide = `{${'|'.repeat(60_000)}`;
    expect(spin(wide, choicesOf('x'))).toBe(wide);
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

  it('leave no gap at the beginning of a line', () => {
    const tokens = { botName: 'The shop' };
    const text = 'Hello\n[name] you are welcome';
    expect(renderReply({ type: 'text', text }, { ...ABOUT, tokens })).toEqual({
      kind: 'text',
      text: 'Hello\nyou are welcome',
    });
    expect(say('[name] [number] hello')).toBe('Anna 15550000002 hello');
  });

  it.each([
    [' \u3164\u2800\u200e ', 'Hi!'],
    ['', 'Hi!'],
    ['\u202eevil', 'Hi evil!'],
    ['two\n\nlines\u0007', 'Hi two lines!'],
    ['👨‍👩‍👧', 'Hi 👨‍👩‍👧!'],
    ['😀'.repeat(1_000), `Hi ${'😀'.repeat(100)}!`],
  ])('show of the name %j what can be read', (name, text) => {
    expect(say('Hi [name]!', { tokens: { ...ABOUT.tokens, name } })).toBe(text);
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

  it('is a list with an option for each row, and none without rows', () => {
    const tokens = { ...ABOUT.tokens, name: '' };
    const rows = [{ id: 'me', title: '[name]' }];
    const menu = { text: 'Who?', sections: [{ rows }] };
    expect(render({ type: 'list', menu }, { tokens })).toMatchObject({
      text: 'Who?\n\n1. me',
      choices: [{ id: 'me', title: 'me' }],
    });
    const empty = { text: '[name]', sections: [] };
    expect(render({ type: 'list', menu: empty }, { tokens })).toBeUndefined();
  });

  it('may be a contact', () => {
    const card = { fullName: 'The desk', displayName: 'The desk', phoneNumber: '15550000003' };
    expect(render({ type: 'contact', card })).toMatchObject({
      kind: 'contact',
      displayName: 'The desk',
    });
  });
});
