import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatId, PhoneNumber, parseRecipient, toChatId } from '#shared/domain/recipient.ts';

const digits = (min: number, max: number) =>
  fc.stringMatching(new RegExp(`^[1-9]\\d{${min - 1},${max - 1}}$`));

describe('parseRecipient', () => {
  it('reads its own writing', () => {
    const recipient = fc.oneof(
      digits(5, 15).map((phone) => ({ kind: 'phone', phone }) as const),
      digits(5, 20).map((lid) => ({ kind: 'lid', lid }) as const),
      digits(5, 25).map((group) => ({ kind: 'group', group }) as const),
      fc
        .tuple(digits(5, 15), digits(10, 10))
        .map(([creator, time]) => ({ kind: 'group', group: `${creator}-${time}` }) as const),
    );
    fc.assert(
      fc.property(recipient, (whom) => {
        expect(parseRecipient(toChatId(whom))).toEqual(whom);
      }),
    );
  });

  it.each([
    '2349011668758',
    '+234 901 166 8758',
    '(234) 901-166.8758',
    '2349011668758@c.us',
    '2349011668758@s.whatsapp.net',
    '  2349011668758@c.us ',
  ])('reads %j as the same phone', (text) => {
    expect(parseRecipient(text)).toEqual({ kind: 'phone', phone: '2349011668758' });
  });

  it.each([
    '',
    '@',
    '@c.us',
    '1234',
    '1234567890123456',
    '0123456789',
    '23490a1668758',
    '2349011668758@example.com',
    '2349011668758@c.us@c.us',
    'status@broadcast',
    '12345@g.us@lid',
    '-12345@g.us',
    '12345@newsletter',
    '２３４９０１１６６８７５８',
  ])('does not read %j', (text) => {
    expect(parseRecipient(text)).toBeUndefined();
  });

  it('never fails, and what it reads is canonical', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', '@c.us', '@lid', '@g.us'), (user, server) => {
        const whom = parseRecipient(`${user}${server}`);
        if (whom) expect(parseRecipient(toChatId(whom))).toEqual(whom);
      }),
    );
  });
});

it('says in the schemas what is wanted', () => {
  expect(ChatId.parse('2349011668758')).toBe('2349011668758@c.us');
  expect(ChatId.safeParse('nobody').error?.issues[0]?.message).toContain('@g.us');
  expect(PhoneNumber.parse('+234 901-166-8758')).toBe('2349011668758');
  expect(PhoneNumber.safeParse('2349011668758@c.us').success).toBe(false);
});
