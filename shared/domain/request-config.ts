import * as z from 'zod';
import { faultOfHeader } from './webhook-header.ts';
import { ATTEMPT_TIMEOUT_MS, type WebhookRequest } from './webhook-request.ts';

const HEADERS_MAX = 64;
/** All names and values together. */
const HEADERS_LENGTH_MAX = 8_192;
export const TIMEOUT_MS_MIN = 1_000;

const TIMEOUT_FAULT = `must be a whole number of milliseconds from ${TIMEOUT_MS_MIN} to ${ATTEMPT_TIMEOUT_MS}`;
const HEADERS_FAULT = 'must be an object of names and values';

const Timeout = z
  .number(TIMEOUT_FAULT)
  .refine(
    (value) => Number.isInteger(value) && value >= TIMEOUT_MS_MIN && value <= ATTEMPT_TIMEOUT_MS,
    TIMEOUT_FAULT,
  );
const HeaderValue = z.union([z.string(), z.number(), z.boolean()]);

/** Each header by its lower case name. */
const Headers = z.record(z.string(), z.unknown(), HEADERS_FAULT).transform((values, context) => {
  const headers = new Map<string, string>();
  const refuse = (message: string, ...path: string[]): void =>
    context.addIssue({ code: 'custom', path, message });

  const entries = Object.entries(values);
  if (entries.length > HEADERS_MAX) {
    refuse(`must have at most ${HEADERS_MAX} names`);
    return z.NEVER;
  }
  for (const [name, value] of entries) {
    const { success, data } = HeaderValue.safeParse(value);
    const fault = success
      ? faultOfHeader(name, String(data))
      : 'must be a text, a number, true or false';
    const key = name.toLowerCase();
    if (fault !== undefined) refuse(fault, name);
    else if (headers.has(key)) refuse('is there twice: capitals make no difference', name);
    else headers.set(key, String(data));
  }
  if (lengthOf(headers) > HEADERS_LENGTH_MAX) {
    refuse(`must have at most ${HEADERS_LENGTH_MAX} characters in all, names and values`);
  }
  return Object.fromEntries(headers);
});

function lengthOf(headers: ReadonlyMap<string, string>): number {
  return [...headers].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}

/**
 * What a caller sets about the posts to his endpoint. open-wa hands all of it to axios, which lets it change method,
 * URL and body: here only two things may be set, and everything else is refused. Nothing set is `undefined`.
 */
export const RequestConfig = z
  .object({ headers: Headers.nullish(), timeout: Timeout.nullish() })
  .catchall(z.unknown().refine(() => false, 'may not be set: only headers and timeout may be set'))
  .nullish()
  .transform(toWebhookRequest);

type Parsed = {
  readonly headers?: WebhookRequest['headers'] | null | undefined;
  readonly timeout?: number | null | undefined;
};

function toWebhookRequest(config: Parsed | null | undefined): WebhookRequest | undefined {
  const headers = config?.headers ?? {};
  const timeoutMs = config?.timeout ?? undefined;
  if (timeoutMs === undefined && Object.keys(headers).length === 0) return undefined;
  return { headers, ...(timeoutMs !== undefined && { timeoutMs }) };
}
