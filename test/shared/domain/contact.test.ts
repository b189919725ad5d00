import { describe, expect, it } from 'vitest';
import { CONTACT_TEXT_LENGTH_MAX, ContactText } from '#shared/domain/contact.ts';

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
