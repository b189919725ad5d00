import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromJid, toJid } from '#runner/whatsapp/jid.ts';

const digits = fc.stringMatching(/^[1-9]\d{4,14}$/);
const recipient = fc.oneof(
  fc.record({ kind: fc.constant('phone' as const), phone: digits }),
  fc.record({ kind: fc.constant('lid' as const), lid: digits }),
  fc.record({ kind: fc.constant('group' as const), group: digits }),
);

describe('jid', () => {
  it('writes each kind of chat with its server', () => {
    expect(toJid({ kind: 'phone', phone: '2348179803743' })).toBe('2348179803743@s.whatsapp.net');
    expect(toJid({ kind: 'lid', lid: '98765432101' })).toBe('98765432101@lid');
    expect(toJid({ kind: 'group', group: '1203630-16' })).toBe('1203630-16@g.us');
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(recipient, (chat) => {
        expect(fromJid(toJid(chat))).toEqual(chat);
      }),
    );
  });

  it('drops the device', () => {
    expect(fromJid('2348179803743:12@s.whatsapp.net')).toEqual({
      kind: 'phone',
      phone: '2348179803743',
    });
    expect(fromJid('98765432101:3@lid')).toEqual({ kind: 'lid', lid: '98765432101' });
  });

  it("reads the older server of a person's address", () => {
    expect(fromJid('2348179803743@c.us')).toEqual({ kind: 'phone', phone: '2348179803743' });
  });

  it.each([
    'status@broadcast',
    '1234567890@newsletter',
    '1234567890@bot',
    '2348179803743',
    '@s.whatsapp.net',
    '@',
    '',
    undefined,
    null,
  ])('reads no chat from %j', (jid) => {
    expect(fromJid(jid)).toBeUndefined();
  });
});
