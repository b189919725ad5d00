import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTACT_TEXT_LENGTH_MAX, ContactText, toContactId } from '#shared/domain/contact.ts';
import { ObjectId } from '#shared/domain/identifier.ts';

const time = fc.date({
  min: new Date('2020-01-01'),
  max: new Date('2100-01-01'),
  noInvalidDate: true,
});
const random = fc.uint8Array({ minLength: 6, maxLength: 6 });

describe('the id of a contact', () => {
  it('is an id like every other, later ones after earlier ones', () => {
    fc.assert(
      fc.property(time, fc.integer({ min: 1, max: 5_000 }), random, random, (at, ms, a, b) => {
        const id = toContactId(at, a);
        const later = toContactId(new Date(at.getTime() + ms), b);
        expect(ObjectId.safeParse(id).success).toBe(true);
        expect(id < later).toBe(true);
      }),
    );
  });

  it('is another one for others at the same time', () => {
    fc.assert(
      fc.property(time, random, random, (at, a, b) => {
        expect(toContactId(at, a) === toContactId(at, b)).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });
});

describe('the text of a contact', () => {
  it.each(['John', 'Zoë 漢字 😀', '', 'x'.repeat(CONTACT_TEXT_LENGTH_MAX)])('may be %j', (text) => {
    expect(ContactText.parse(` ${text}\n`)).toBe(text);
  });

  it.each(['a\nb', 'a\rb', 'a\tb', 'a\0b', 'a\u2028b', 'a\u0085b', 'half \ud83d'])(
    'is one line: not %j',
    (text) => {
      expect(ContactText.safeParse(text).error?.issues[0]?.message).toBe(
        'must be one line of text',
      );
    },
  );

  it('has a limit', () => {
    const text = 'x'.repeat(CONTACT_TEXT_LENGTH_MAX + 1);
    expect(ContactText.safeParse(text).success).toBe(false);
  });
});
