import { expect, it } from 'vitest';
import { createLogger } from '#shared/log/create-logger.ts';

it('keeps secrets out of a line, even when a whole object is logged', () => {
  const lines: string[] = [];
  const logger = createLogger(
    { name: 'test', level: 'info' },
    { write: (line) => void lines.push(line) },
  );
  const account = { accountId: 'a', passwordHash: 'hidden', secret: 'hidden' };
  logger.info({ account, access_token: 'hidden' }, 'An account.');
  logger.debug('Not at this level.');

  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('hidden');
  expect(lines[0]).toContain('"accountId":"a"');
});
