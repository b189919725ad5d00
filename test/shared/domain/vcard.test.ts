import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContactCard } from '#shared/domain/contact.ts';
import { toVcard } from '#shared/domain/vcard.ts';

const JOHN: ContactCard = {
  fullName: 'john doe',
  displayName: 'johndoe',
  organization: 'Men In Black',
  phoneNumber: '919999999999',
};

/** Text in which everything is frequent that a card could stumble over. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom(
        '\\',
        ',',
        ';',
        ':',
        '\r\n',
        '\n',
        '\r',
        '\u0085',
        '\u2028',
        '\v',
        '\0',
        '\t',
      ),
      fc.constantFrom('\\n', '\nEND:VCARD\n', '\r\nTEL:+1', ' ', '😀', 'é', '漢字'),
      fc.constantFrom('\ud83d', '\ude00'),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

const cards: fc.Arbitrary<ContactCard> = fc.record(
  {
    fullName: hostileText,
    displayName: hostileText,
    organization: hostileText,
    phoneNumber: fc.stringMatching(/^[1-9]\d{4,14}$/),
  },
  { requiredKeys: ['fullName', 'displayName', 'phoneNumber'] },
);

describe('a vCard', () => {
  it('has the lines of the contact on the page of the customer', () => {
    expect(toVcard(JOHN).split('\r\n')).toEqual([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:;john doe;;;',
      'FN:john doe',
      'NICKNAME:johndoe',
      'ORG:Men In Black;',
      'TEL;type=CELL;type=VOICE;waid=919999999999:+919999999999',
      'END:VCARD',
      '',
    ]);
  });

  it('has no line for an organization that is not there, and none for a nickname that is the name', () => {
    const { organization, ...alone } = JOHN;
    const card = toVcard({ ...alone, displayName: alone.fullName });
    expect(organization).toBeDefined();
    expect(card).not.toMatch(/ORG|NICKNAME|undefined/);
    expect(toVcard({ ...JOHN, organization: '' })).not.toContain('ORG');
  });

  it('escapes what has a meaning of its own', () => {
    const card = toVcard({ ...JOHN, fullName: 'a\\b,c;d\ne:f', organization: 'x\r\ny' });
    expect(card).toContain('\r\nFN:a\\\\b\\,c\\;d\\ne:f\r\n');
    expect(card).toContain('\r\nORG:x\\ny;\r\n');
  });

  it('folds a line after 75 octets, between characters', () => {
    // FN: and 24 characters of three octets are 75.
    const card = toVcard({ ...JOHN, fullName: '漢'.repeat(50) });
    const folded = ['漢'.repeat(24), ` ${'漢'.repeat(24)}`, ' 漢漢'].join('\r\n');
    expect(card).toContain(`\r\nFN:${folded}\r\n`);
    const exact = 'x'.repeat(72);
    expect(toVcard({ ...JOHN, fullName: exact })).toContain(`\r\nFN:${exact}\r\n`);
    expect(toVcard({ ...JOHN, fullName: `${exact}y` })).toContain(`\r\nFN:${exact}\r\n y\r\n`);
  });

  it('gives every field back to a reader', () => {
    fc.assert(
      fc.property(cards, (card) => {
        const read = readVcard(toVcard(card));
        expect(read).toEqual({
          fullName: asCardText(card.fullName),
          displayName: asCardText(card.displayName),
          organization: card.organization ? asCardText(card.organization) : undefined,
          phoneNumber: card.phoneNumber,
        });
      }),
    );
  });

  it('has the same lines in the same order whatever its fields hold, even the number', () => {
    fc.assert(
      fc.property(cards, hostileText, (card, phoneNumber) => {
        const names = unfolded(toVcard({ ...card, phoneNumber })).map((line) => nameOf(line));
        expect(names).toEqual([
          'BEGIN',
          'VERSION',
          'N',
          'FN',
          ...(card.displayName === card.fullName ? [] : ['NICKNAME']),
          ...(card.organization ? ['ORG'] : []),
          'TEL',
          'END',
        ]);
      }),
    );
  });

  it('has lines of at most 75 octets, each of whole characters, with no other line break in it', () => {
    fc.assert(
      fc.property(cards, (card) => {
        const text = toVcard(card);
        expect(text.endsWith('\r\n')).toBe(true);
        for (const line of text.slice(0, -2).split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(line.isWellFormed()).toBe(true);
          expect(line).not.toMatch(/(?!\t)[\p{Cc}\u2028\u2029]/u);
        }
      }),
    );
  });
});

/** What is left of a text in a card: one kind of line break, no other control characters, whole characters. */
function asCardText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n/g, '\n')
    .replace(/[\v\f\r\u0085\u2028\u2029]/g, '\n')
    .replace(/(?![\t\n])\p{Cc}/gu, '');
}

/** RFC 2425 §5.8.1: a line break and one space or tab are nothing. */
function unfolded(card: string): string[] {
  return card
    .replace(/\r\n[ \t]/g, '')
    .replace(/\r\n$/, '')
    .split('\r\n');
}

function nameOf(line: string): string {
  return /^([A-Z]+)[:;]/.exec(line)?.[1] ?? line;
}

/** A reader of our cards: it takes lines apart character by character, where the writer replaces. */
function readVcard(card: string) {
  const values = new Map(
    unfolded(card).map((line) => {
      const colon = line.indexOf(':');
      return [nameOf(line), { head: line.slice(0, colon), value: line.slice(colon + 1) }] as const;
    }),
  );
  const partsOf = (name: string) => partsIn(values.get(name)?.value ?? '');
  const fullName = partsOf('FN').join('|');
  expect(values.get('BEGIN')?.value).toBe('VCARD');
  expect(partsOf('N')).toEqual(['', fullName, '', '', '']);
  const [organization, unit] = values.has('ORG') ? partsOf('ORG') : [undefined, ''];
  expect(unit).toBe('');
  const phoneNumber = /;waid=(\d+)$/.exec(values.get('TEL')?.head ?? '')?.[1];
  expect(values.get('TEL')?.value).toBe(`+${phoneNumber}`);
  const displayName = values.has('NICKNAME') ? partsOf('NICKNAME').join('|') : fullName;
  return { fullName, displayName, organization, phoneNumber };
}

/** The parts of a value between semicolons and commas that are not escaped. */
function partsIn(value: string): string[] {
  const parts = [''];
  const add = (text: string) => parts.push((parts.pop() ?? '') + text);
  for (let at = 0; at < value.length; at += 1) {
    const character = value.charAt(at);
    if (character === '\\') {
      at += 1;
      add(value.charAt(at) === 'n' ? '\n' : value.charAt(at));
    } else if (character === ';' || character === ',') parts.push('');
    else add(character);
  }
  return parts;
}
