import { expect, it } from 'vitest';
import { createLogger } from '#shared/log/create-logger.ts';

function lineOf(err: Error): Record<string, unknown> {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  createLogger({ name: 'test', level: 'info' }, destination).error({ err }, 'It went wrong.');
  return JSON.parse(lines.join(''));
}

it('keeps what a library hangs on its errors out of the line', () => {
  const stanza = { attrs: { from: '15550000002@s.whatsapp.net' } };
  const cause = Object.assign(new Error('Bad stanza'), { data: stanza, code: 'EBAD' });
  const line = lineOf(Object.assign(new Error('Not read', { cause }), { data: stanza }));

  expect(line['err']).toMatchObject({
    name: 'Error',
    message: 'Not read',
    cause: { message: 'Bad stanza', code: 'EBAD' },
  });
  expect(JSON.stringify(line)).not.toContain('15550000002');
});

it('blots out the numbers in the words of an error: libraries name devices', () => {
  const cause = new Error('No session for 15550000003.0');
  const line = lineOf(new Error('Not sent to 15550000002@s.whatsapp.net (428)', { cause }));

  expect(line['err']).toMatchObject({
    message: 'Not sent to #@s.whatsapp.net (428)',
    cause: { message: 'No session for #.0' },
  });
  expect(JSON.stringify(line)).not.toMatch(/1555000000[23]/);
});

it('comes to an end with an error that is its own cause', () => {
  const err = new Error('round');
  err.cause = err;
  expect(lineOf(err)).toHaveProperty('err.cause.cause');
});
