import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatJid, parseJid } from '#simulator/wire/jid.ts';
import { address } from './arbitrary-node.ts';

describe('an address', () => {
  it('is written as it was read', () => {
    fc.assert(
      fc.property(address, (text) => {
        const jid = parseJid(text);
        expect(jid && formatJid(jid)).toBe(text);
      }),
    );
  });

  it.each([
    [
      '4915112345678@s.whatsapp.net',
      { user: '4915112345678', device: 0, server: 's.whatsapp.net' },
    ],
    ['77:3@lid', { user: '77', device: 3, server: 'lid' }],
    ['77_1:3@lid', { user: '77', device: 3, server: 'lid' }],
    ['120363041234@g.us', { user: '120363041234', device: 0, server: 'g.us' }],
    ['@s.whatsapp.net', { user: '', device: 0, server: 's.whatsapp.net' }],
  ])('%s is read', (text, jid) => {
    expect(parseJid(text)).toEqual(jid);
  });

  it.each(['', '491511', 's.whatsapp.net', 'a@', 'a:b@lid', 'a:256@lid', 'a@b@c', 'a:1:2@lid'])(
    '"%s" is none',
    (text) => {
      expect(parseJid(text)).toBeUndefined();
    },
  );

  it('leaves device 0 out', () => {
    expect(formatJid({ user: '1', device: 0, server: 'lid' })).toBe('1@lid');
    expect(formatJid({ user: '1', server: 'lid' })).toBe('1@lid');
    expect(formatJid({ user: '1', device: 2, server: 'lid' })).toBe('1:2@lid');
  });
});
