import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** What must not be in a line even when somebody logs a whole object by mistake. */
const SECRET_FIELDS = [
  'accessToken',
  'access_token',
  'refreshToken',
  'refresh_token',
  'authorization',
  'password',
  'passwordHash',
  'secret',
  'secretHash',
] as const;

/** A logger that writes JSON lines, to stdout when no destination is given. */
export function createLogger(
  { name, level }: { name: string; level: LogLevel },
  destination?: DestinationStream,
): Logger {
  const options = {
    name,
    level,
    redact: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]),
  };
  return destination ? pino(options, destination) : pino(options);
}
