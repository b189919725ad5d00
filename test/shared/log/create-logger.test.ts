import { describe, expect, it } from 'vitest';
import { createLogger, type LogLevel } from '#shared/log/create-logger.ts';

function listen(level: LogLevel = 'info') {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ name: 'test', level }, destination);
  return { logger, lines, parsed: () => lines.map((line) => JSON.parse(line)) };
}

describe('a line of the log', () => {
  it("has Powertools' keys, and no others of its own", () => {
    const { logger, parsed } = listen();
    logger.info({ instanceId: 'i' }, 'It is so.');

    expect(parsed()).toEqual([
      {
        level: 'INFO',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        service: 'test',
        instanceId: 'i',
        message: 'It is so.',
      },
    ]);
  });

  it('names its level in words', () => {
    const { logger, parsed } = listen('trace');
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
      logger[level]('So.');
    }
    const levels = parsed().map(({ level }) => level);
    expect(levels).toEqual(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL']);
  });

  it('carries what a child logger names, in the same form', () => {
    const { logger, parsed } = listen();
    logger.child({ runnerId: 'r' }).warn('So.');
    expect(parsed()).toMatchObject([{ level: 'WARN', service: 'test', runnerId: 'r' }]);
  });

  it('holds no secret, even when a whole object is logged', () => {
    const { logger, lines } = listen();
    const account = { accountId: 'a', passwordHash: 'hidden', secret: 'hidden' };
    logger.info({ account, access_token: 'hidden' }, 'An account.');
    logger.debug('Not at this level.');

    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('hidden');
    expect(lines[0]).toContain('"accountId":"a"');
  });
});
