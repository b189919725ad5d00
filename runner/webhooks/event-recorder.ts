import { createHash } from 'node:crypto';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { newDelivery } from '#shared/domain/delivery.ts';
import type { WebhookEventName } from '#shared/domain/event-name.ts';
import { scopeOf } from '#shared/domain/event-scope.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Untold } from '#shared/domain/untold.ts';
import { type WebhookEndpoint, wantsEvent } from '#shared/domain/webhook.ts';
import type { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import {
  type EventRepository,
  opsOfEvent,
  type Recorded,
} from '#shared/repositories/event-repository.ts';
import type { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { TRANSACTION_OPS_MAX } from '#shared/storage/table.ts';

export type Happening = {
  readonly event: WebhookEventName;
  readonly at: Date;
  /** What makes it one and the same event when it is told twice. */
  readonly key: string;
  readonly data: WebhookEvent['data'];
  /** Of no use later, or a secret: written down only for an endpoint that asks for it. */
  readonly isFleeting?: boolean;
};

type Source = Pick<Instance, 'accountId' | 'instanceId' | 'sessionId'>;

/** A happening, and who wants to know of it. */
type Draft = { readonly happening: Happening; readonly endpointIds: readonly string[] };
type Numbering = { readonly lastSeq: number; readonly deps: EventRecorderDeps };

export type EventRecorderDeps = {
  readonly events: EventRepository;
  readonly endpoints: Pick<EndpointRepository, 'list'>;
  readonly instances: Pick<InstanceRepository, 'get'>;
  /** Called with each event that was recorded, in order. */
  readonly onRecorded: (recorded: Recorded) => void;
  readonly newId: () => string;
  readonly now: () => Date;
};

/**
 * Writes down what happened to instances, once each and numbered, before anybody is told; with a delivery for each
 * endpoint that wants it. One runner alone records for an instance, so the last number is kept in memory; events of an
 * instance take turns.
 */
export class EventRecorder {
  readonly #deps: EventRecorderDeps;
  readonly #lastSeqs = new Map<string, number>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(deps: EventRecorderDeps) {
    this.#deps = deps;
  }

  /**
   * Returns when what happened, in this order and at one moment, is durable or known already. The notes that it was
   * untold are taken away in the same transaction.
   */
  async record(
    source: Source,
    happenings: Happening | readonly Happening[],
    told: readonly Untold[] = [],
  ): Promise<void> {
    const all = 'event' in happenings ? [happenings] : happenings;
    const before = this.#turns.get(source.instanceId) ?? Promise.resolve();
    const turn = before.then(() => this.#recordNow(source, all, told));
    const settled = turn.catch(() => undefined);
    this.#turns.set(source.instanceId, settled);
    await turn;
    if (this.#turns.get(source.instanceId) === settled) this.#turns.delete(source.instanceId);
  }

  /** The instance is gone, or another runner's. */
  forget(instanceId: string): void {
    this.#lastSeqs.delete(instanceId);
  }

  async #recordNow(
    source: Source,
    happenings: readonly Happening[],
    told: readonly Untold[],
  ): Promise<void> {
    const drafts = await this.#draft(source, happenings);
    if (drafts.length + told.length === 0) return;
    const groups = drafts.length === 0 ? [[]] : inTransactions(drafts, told.length);
    for (const [index, group] of groups.entries()) {
      const isLast = index === groups.length - 1;
      await this.#append(source, group, isLast ? told : []);
    }
  }

  /** Reads the endpoints each time: what was set by then is what counts. */
  async #draft(source: Source, happenings: readonly Happening[]): Promise<Draft[]> {
    const endpoints = await this.#deps.endpoints.list(source);
    const drafts = happenings.map((happening): Draft => {
      return { happening, endpointIds: whoWants(happening, endpoints) };
    });
    const isWanted = drafts.some(({ endpointIds }) => endpointIds.length > 0);
    const isMuted = isWanted && (await this.#isMuted(source));
    return drafts
      .map((draft) => (isMuted ? { ...draft, endpointIds: [] } : draft))
      .filter(({ happening, endpointIds }) => !happening.isFleeting || endpointIds.length > 0);
  }

  async #isMuted(source: Source): Promise<boolean> {
    const instance = await this.#deps.instances.get(source);
    return instance?.settings.actions.send_webhook === false;
  }

  /** After a fault nobody can tell which number is the last: the table is asked again. */
  async #append(source: Source, drafts: readonly Draft[], told: readonly Untold[]): Promise<void> {
    const deps = this.#deps;
    const { instanceId } = source;
    const lastSeq = this.#lastSeqs.get(instanceId) ?? (await deps.events.lastSeq(instanceId));
    this.#lastSeqs.delete(instanceId);
    const recorded = await appendNew(source, { drafts, told }, { lastSeq, deps });
    this.#lastSeqs.set(instanceId, lastSeq + recorded.length);
    for (const one of recorded) deps.onRecorded(one);
  }
}

/** Each that is there already is left out, and those behind it move up. */
async function appendNew(
  source: Source,
  { drafts, told }: { drafts: readonly Draft[]; told: readonly Untold[] },
  numbering: Numbering,
): Promise<readonly Recorded[]> {
  const { deps, lastSeq } = numbering;
  const recorded = drafts.map((draft, index) =>
    toRecorded(source, draft, { lastSeq: lastSeq + index, deps }),
  );
  const outcome = await deps.events.appendAll(source.instanceId, { recorded, told });
  if (outcome.kind === 'recorded') return recorded;
  return await appendNew(source, { drafts: drafts.toSpliced(outcome.index, 1), told }, numbering);
}

function toRecorded(
  { instanceId, sessionId }: Source,
  { happening, endpointIds }: Draft,
  { lastSeq, deps: { newId, now } }: Numbering,
): Recorded {
  const { event: name, at, key, data } = happening;
  const recordedAt = now();
  const event: WebhookEvent = {
    id: toEventId(instanceId, name, key),
    event: name,
    ts: at.getTime(),
    session_id: sessionId,
    instance_id: instanceId,
    seq: lastSeq + 1,
    data,
  };
  const { id: eventId, seq } = event;
  const deliveries = endpointIds.map((endpointId) =>
    newDelivery(
      { instanceId, deliveryId: newId(), endpointId, eventId, seq, event: name },
      recordedAt,
    ),
  );
  return { event, deliveries, recordedAt };
}

function whoWants({ event, data }: Happening, endpoints: readonly WebhookEndpoint[]): string[] {
  const scope = scopeOf(event, data);
  return endpoints
    .filter((endpoint) => wantsEvent(endpoint, scope))
    .map(({ endpointId }) => endpointId);
}

/** As many together as one transaction takes. */
function inTransactions(drafts: readonly Draft[], toldCount: number): Draft[][] {
  const groups: Draft[][] = [];
  let room = 0;
  for (const draft of drafts) {
    const ops = opsOfEvent(draft.endpointIds.length);
    const group = groups.at(-1);
    if (group === undefined || ops > room) {
      groups.push([draft]);
      room = TRANSACTION_OPS_MAX - 1 - toldCount - ops;
    } else {
      group.push(draft);
      room -= ops;
    }
  }
  return groups;
}

/** The same for the same event, at whatever time it is told. */
function toEventId(instanceId: string, event: string, key: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([instanceId, event, key]))
    .digest('hex');
  return `evt_${digest.slice(0, 32)}`;
}
