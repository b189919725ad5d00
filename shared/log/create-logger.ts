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

/** How many causes deep an error is described. */
const CAUSES_MAX = 5;

/**
 * What may be logged of an error. Its other fields may not: libraries hang whole requests and stanzas on their
 * errors, with numbers and tokens in them.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const isDeeper = cause !== undefined && depth < CAUSES_MAX;
  return {
    name,
    message,
    ...code,
    stack,
    ...(isDeeper && { cause: describeError(cause, depth + 1) }),
  };
}

/** A logger that writes JSON lines, to stdout when no destination is given. */
export function createLogger(
  { name, level }: { name: string; level: LogLevel },
  destination?: DestinationStream,
): Logger {
  const options = {
    name,
    level,
    serializers: { err: describeError },
    redact: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]),
  };
  return destination ? pino(options, destination) : pino(options);
}
