import { ulid } from 'ulid';
import { EventRecorder } from '#runner/webhooks/event-recorder.ts';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { EventRepository, type Recorded } from '#shared/repositories/event-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { Table } from '#shared/storage/table.ts';

/** A recorder over this table, and what it has recorded. */
export function aRecorder(table: Table) {
  const recorded: WebhookEvent[] = [];
  const all: Recorded[] = [];
  const recorder = new EventRecorder({
    events: new EventRepository(table),
    endpoints: new EndpointRepository(table),
    instances: new InstanceRepository(table),
    onRecorded: (one) => {
      recorded.push(one.event);
      all.push(one);
    },
    newId: () => ulid(),
    now: () => new Date(),
  });
  return { recorder, recorded, all };
}
