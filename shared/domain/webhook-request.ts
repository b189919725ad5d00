import * as z from 'zod';
import { isSecretHeader } from './webhook-header.ts';

/** The whole of one attempt, from dialling to the last byte of the answer. A customer may ask for less. */
export const ATTEMPT_TIMEOUT_MS = 10_000;

/** What a customer has set about the posts to his endpoint. */
export const WebhookRequest = z.strictObject({
  /** By lower case names. */
  headers: z.record(z.string(), z.string()),
  timeoutMs: z.int().exactOptional(),
});
export type WebhookRequest = z.infer<typeof WebhookRequest>;

/** Stands for a value that is not shown. It is no ASCII, so it is refused as a value when it comes back. */
const REDACTED = '•••';

/** As `requestConfig` has it, empty when nothing is set. What lets the posts in is not shown. */
export function toShownRequestConfig(request: WebhookRequest | undefined): {
  headers?: Record<string, string>;
  timeout?: number;
} {
  const { headers = {}, timeoutMs } = request ?? {};
  const shown = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    isSecretHeader(name) ? REDACTED : value,
  ]);
  return {
    ...(shown.length > 0 && { headers: Object.fromEntries(shown) }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  };
}
