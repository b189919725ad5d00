import type { Logger } from 'pino';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import type { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import type { InstanceRef } from '#shared/repositories/instance-repository.ts';
import { decideEndpoint, type EndpointChange } from './decide-endpoint.ts';
import type { AttemptOutcome } from './post-webhook.ts';

type Deps = {
  readonly endpoints: Pick<EndpointRepository, 'noteFailing' | 'noteAnswering' | 'disable'>;
  /** An endpoint was disabled: that is to be told. */
  readonly onDisabled: (ref: InstanceRef) => void;
  readonly log: Logger;
};
type Seen = { readonly outcome: AttemptOutcome; readonly at: Date };

/** Notes in the table how an endpoint does, one change after the other. */
export class EndpointNotes {
  /** `updatedAt` of the endpoint that is noted as failing: a copy that was read before an attempt may not know of it. */
  #failing: string | undefined;
  #tail: Promise<void> = Promise.resolve();

  /** Answers what an attempt has changed, when it is durable. */
  async note(
    endpoint: WebhookEndpoint,
    { outcome, at }: Seen,
    deps: Deps,
  ): Promise<EndpointChange> {
    const isFailing = endpoint.state === 'ACTIVE' && this.#failing === endpoint.updatedAt;
    const current = isFailing ? ({ ...endpoint, state: 'FAILING' } as const) : endpoint;
    const change = decideEndpoint(current, outcome, at);
    if (change.kind === 'failing') this.#failing = endpoint.updatedAt;
    if (change.kind === 'answering') this.#failing = undefined;
    const turn = this.#tail.then(() => write(endpoint, { change, at }, deps));
    this.#tail = turn.catch(() => {
      this.#failing = undefined;
    });
    await turn;
    return change;
  }
}

async function write(
  endpoint: WebhookEndpoint,
  { change, at }: { change: EndpointChange; at: Date },
  { endpoints, onDisabled, log }: Deps,
): Promise<void> {
  switch (change.kind) {
    case 'none':
      return;
    case 'failing':
      return await endpoints.noteFailing(endpoint, at);
    case 'answering':
      return await endpoints.noteAnswering(endpoint);
    case 'disable': {
      const { accountId, instanceId, endpointId } = endpoint;
      const { reason } = change;
      if (!(await endpoints.disable(endpoint, { reason, at }))) return;
      log.warn({ instanceId, endpointId, reason }, 'A webhook endpoint is disabled.');
      onDisabled({ accountId, instanceId });
    }
  }
}
