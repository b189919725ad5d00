import { createLogger, type Logger } from '#shared/log/create-logger.ts';

export const silentLog: Logger = createLogger({ name: 'test', level: 'silent' });

type ListeningLog = {
  readonly log: Logger;
  readonly sentences: () => string[];
  /** All that was written, as it is. */
  readonly written: () => string;
};

/** A logger, and what it was told. */
export function listeningLog(): ListeningLog {
  const lines: string[] = [];
  const log = createLogger({ name: 'test', level: 'trace' }, { write: (line) => lines.push(line) });
  return {
    log,
    sentences: () => lines.map((line) => String(JSON.parse(line).message)),
    written: () => lines.join(''),
  };
}
