import type { Logger } from 'pino';
import { type Delivery, isTest } from '#shared/domain/delivery.ts';
import { liveSecrets, type WebhookEndpoint } from '#shared/domain/webhook.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { DeliveryRepository } from '#shared/repositories/delivery-repository.ts';
import type { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import type { EventRepository } from '#shared/repositories/event-repository.ts';
import type { InstanceRef } from '#shared/repositories/instance-repository.ts';
import { decideDelivery, isDelivered } from './decide-delivery.ts';
import { type EndpointChange, reasonAgainst } from './decide-endpoint.ts';
import { afterAttempt, toAttempt, toDead } from './delivery-steps.ts';
import type { EndpointNotes } from './endpoint-notes.ts';
import type { Attempt, AttemptOutcome, PostWebhook } from './post-webhook.ts';
import type { Waiting } from './waiting-line.ts';

export type AttemptDeps = {
  readonly post: PostWebhook;
  readonly endpoints: EndpointRepository;
  readonly deliveries: DeliveryRepository;
  readonly events: EventRepository;
  /** An endpoint was disabled: that is to be told. */
  readonly onDisabled: (ref: InstanceRef) => void;
  readonly now: () => Date;
  readonly jitter: () => number;
  readonly metrics: Metrics;
  readonly log: Logger;
};

export type Attempted =
  | { readonly kind: 'settled' }
  | { readonly kind: 'retried'; readonly dueMs: number }
  /** The endpoint takes none any more. */
  | { readonly kind: 'refused' };

type Deps = AttemptDeps & {
  /** Called as soon as a post that is no test has come to its end. */
  readonly onPosted: (isDelivered: boolean) => void;
};
type Posted = { readonly outcome: AttemptOutcome; readonly at: Date };

/** Posts a delivery once to where its endpoint is by now, and writes down what came of it. */
export async function attemptDelivery(
  { delivery, event }: Waiting,
  notes: EndpointNotes,
  deps: Deps,
): Promise<Attempted> {
  const { endpoints, deliveries, now } = deps;
  const endpoint = await endpoints.get(delivery, delivery.endpointId);
  const reason = reasonAgainst(endpoint, isTest(delivery));
  if (endpoint === undefined || reason !== undefined) {
    await deliveries.advance(delivery, toDead(delivery, reason ?? '', now()));
    return { kind: 'refused' };
  }
  const { url, request } = endpoint;
  const at = now();
  const secrets = liveSecrets(endpoint, at);
  const body = JSON.stringify(event);
  const outcome = await post({ url, request, secrets, eventId: event.id, body, at }, deps);
  if (!isTest(delivery)) deps.onPosted(isDelivered(outcome));
  return await settle(delivery, endpoint, { posted: { outcome, at }, notes, deps });
}

async function post(
  attempt: Attempt,
  { post: send, metrics, now }: Pick<Deps, 'post' | 'metrics' | 'now'>,
): Promise<AttemptOutcome> {
  const outcome = await send(attempt);
  metrics.add('WebhookAttempts', 1, isDelivered(outcome) ? 'DELIVERED' : 'FAILED');
  // What must not be dialled has no latency.
  if (outcome.kind !== 'refused') {
    metrics.add('WebhookLatency', now().getTime() - attempt.at.getTime());
  }
  return outcome;
}

/** The endpoint first: when the process ends in between, what it has disabled buries the delivery. */
async function settle(
  delivery: Delivery,
  endpoint: WebhookEndpoint,
  { posted: { outcome, at }, notes, deps }: { posted: Posted; notes: EndpointNotes; deps: Deps },
): Promise<Attempted> {
  const { deliveries, now, jitter, log } = deps;
  const endedAt = now();
  const [attempts, test] = [delivery.attempts + 1, isTest(delivery)];
  const change: EndpointChange = test
    ? { kind: 'none' }
    : await notes.note(endpoint, { outcome, at: endedAt }, deps);
  const decision =
    change.kind === 'disable'
      ? { kind: 'give_up' as const, error: change.reason }
      : decideDelivery(outcome, { attempts, isTest: test, jitter: jitter() });
  const { instanceId, endpointId, deliveryId } = delivery;
  if (decision.kind !== 'delivered') {
    const ids = { instanceId, endpointId, deliveryId, attempts };
    log.warn({ ...ids, outcome, decision }, 'A webhook failed.');
  }
  const attempt = toAttempt(outcome, at, endedAt);
  const after = afterAttempt(delivery, { attempt, decision }, endedAt);
  await deliveries.advance(delivery, after);
  return after.nextAttemptAt === undefined
    ? { kind: 'settled' }
    : { kind: 'retried', dueMs: new Date(after.nextAttemptAt).getTime() };
}
