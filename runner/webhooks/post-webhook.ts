import { Webhook } from 'standardwebhooks';
import { type Dispatcher, request } from 'undici';
import { ATTEMPT_TIMEOUT_MS, type WebhookRequest } from '#shared/domain/webhook-request.ts';
import { assertDiallable, ForbiddenAddress, type UrlGuard } from '../http/guarded-dispatcher.ts';

/** What an endpoint answers is not read further than this. */
const ANSWER_BYTES_MAX = 65_536;
const USER_AGENT = 'whatsapp-bots/1 (webhook)';

export type Attempt = {
  readonly url: string;
  /** What the customer has set about it. */
  readonly request?: WebhookRequest | undefined;
  /** Each signs for itself. */
  readonly secrets: readonly string[];
  readonly eventId: string;
  readonly body: string;
  readonly at: Date;
};

export type AttemptOutcome =
  | { readonly kind: 'answered'; readonly statusCode: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Never rejects. */
export type PostWebhook = (attempt: Attempt) => Promise<AttemptOutcome>;

export type PostDeps = { readonly dispatcher: Dispatcher; readonly guard: UrlGuard };

/**
 * Posts one event, signed as Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`).
 * The customer's headers go along where they do not get in the way of ours. Redirects are not followed. Never rejects.
 */
export async function postWebhook(attempt: Attempt, deps: PostDeps): Promise<AttemptOutcome> {
  const { eventId, body, at } = attempt;
  const { headers = {}, timeoutMs = ATTEMPT_TIMEOUT_MS } = attempt.request ?? {};
  try {
    const url = new URL(attempt.url);
    assertDiallable(url, deps.guard);
    const { statusCode, body: answer } = await request(url, {
      method: 'POST',
      dispatcher: deps.dispatcher,
      body,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'user-agent': USER_AGENT,
        ...headers,
        'content-type': 'application/json',
        'webhook-id': eventId,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signatures(attempt),
      },
    });
    await answer.dump({ limit: ANSWER_BYTES_MAX });
    return { kind: 'answered', statusCode };
  } catch (error) {
    if (error instanceof ForbiddenAddress) return { kind: 'refused', reason: error.message };
    return { kind: 'failed', reason: nameOf(error) };
  }
}

/** One for each secret, with a space between (Standard Webhooks): a receiver needs to know one of them. */
function signatures({ secrets, eventId, at, body }: Attempt): string {
  return secrets.map((secret) => new Webhook(secret).sign(eventId, at, body)).join(' ');
}

/** The kind of the failure alone: its text may hold the address. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
