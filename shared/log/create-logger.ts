import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

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

/** Seven digits and more may be somebody's phone number (ITU-T E.164). */
const NUMBERS = /\d{7,}/g;

/**
 * What may be logged of an error. Its other fields may not: libraries hang whole requests and stanzas on their
 * errors, with numbers and tokens in them. Numbers in its words are blotted out: libsignal's name the device.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const isDeeper = cause !== undefined && depth < CAUSES_MAX;
  return {
    name,
    message: message.replace(NUMBERS, '#'),
    ...code,
    stack: stack?.replace(NUMBERS, '#'),
    ...(isDeeper && { cause: describeError(cause, depth + 1) }),
  };
}

/**
 * A logger that writes JSON lines with the keys of Powertools for AWS Lambda (`level`, `message`, `timestamp`,
 * `service`), to stdout when no destination is given. `name` is the service.
 */
export function createLogger(
  { name, level }: { name: string; level: LogLevel },
  destination?: DestinationStream,
): Logger {
  const options: LoggerOptions = {
    level,
    base: { service: name },
    messageKey: 'message',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: LEVEL_NAMES[label] ?? label.toUpperCase() }) },
    serializers: { err: describeError },
    redact: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]),
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Powertools' name where it is not pino's own in capitals. */
const LEVEL_NAMES: Readonly<Record<string, string>> = { fatal: 'CRITICAL' };
