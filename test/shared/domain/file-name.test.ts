import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileName, toFileName } from '#shared/domain/file-name.ts';

describe('toFileName', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    [' Grüße 👋.png ', 'Grüße 👋.png'],
    ['C:\\Users\\me\\report.pdf', 'report.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['a\r\nb\0.txt', 'ab.txt'],
    ['half \ud83d.txt', 'half .txt'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['.env', '.env'],
    ['folder/', 'file'],
    ['..', 'file'],
    ['', 'file'],
  ])('makes of %j the name %j', (text, name) => {
    expect(toFileName(text)).toBe(name);
  });

  it('cuts a long name before its extension, between characters', () => {
    expect(toFileName(`${'x'.repeat(300)}.pdf`)).toBe(`${'x'.repeat(251)}.pdf`);
    expect(toFileName(`${'👋'.repeat(100)}.pdf`)).toBe(`${'👋'.repeat(62)}.pdf`);
    expect(toFileName(`a.${'x'.repeat(300)}`)).toBe(`a.${'x'.repeat(253)}`);
  });

  it('makes one name of any text, and of that the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const name = toFileName(text);
        expect(name).not.toMatch(/[/\\\p{Cc}]/u);
        expect(name.isWellFormed()).toBe(true);
        expect(name.length).toBeGreaterThan(0);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(toFileName(name)).toBe(name);
      }),
    );
  });

  it('asks for some name at the border', () => {
    expect(FileName.parse('a/b.txt')).toBe('b.txt');
    expect(FileName.safeParse('').success).toBe(false);
  });
});
