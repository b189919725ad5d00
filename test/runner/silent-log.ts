import { createLogger, type Logger } from '#shared/log/create-logger.ts';

export const silentLog: Logger = createLogger({ name: 'test', level: 'silent' });

/** A logger, and the sentences that it was told. */
export function listeningLog(): { readonly log: Logger; readonly sentences: () => string[] } {
  const lines: string[] = [];
  const log = createLogger({ name: 'test', level: 'trace' }, { write: (line) => lines.push(line) });
  return { log, sentences: () => lines.map((line) => String(JSON.parse(line).message)) };
}
