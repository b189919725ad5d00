import type { Logger } from 'pino';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { OutboxEntry } from '#shared/repositories/outbox-repository.ts';
import { type ProgressDeps, recordProgress } from '../webhooks/record-progress.ts';
import { giveUpOf } from './give-up.ts';

export type ExpireDeps = ProgressDeps & {
  readonly instances: InstanceRepository;
  readonly messages: MessageRepository;
  readonly metrics: Metrics;
  readonly log: Logger;
};

/**
 * Ends a message whose time has run out while its instance had no session, and tells of it. One that an attempt was
 * made of may have left: it is for the next session to settle.
 */
export async function expireMessage(entry: OutboxEntry, deps: ExpireDeps): Promise<void> {
  const instance = await deps.instances.get(entry);
  if (instance === undefined) return;
  const { instanceId } = entry;
  const giveUp = giveUpOf({
    ...deps,
    onGivenUp: (message) =>
      void recordProgress(message, { instance, user: instance.user }, deps).catch((err: unknown) =>
        deps.log.error({ err, instanceId }, 'An event was lost.'),
      ),
  });
  await giveUp(entry, { to: 'EXPIRED' }, ['QUEUED']);
}
