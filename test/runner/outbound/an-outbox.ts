import type { Logger } from 'pino';
import { giveUpOf } from '#runner/outbound/give-up.ts';
import { MediaPreparer, type PrepareMedia } from '#runner/outbound/media-preparer.ts';
import { OutboxWorker } from '#runner/outbound/outbox-worker.ts';
import { SendPacer } from '#runner/outbound/send-pacer.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { ChoiceRepository } from '#shared/repositories/choice-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import type { Table } from '#shared/storage/table.ts';

type OutboxParts = {
  readonly table: Table;
  readonly now: () => Date;
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly onGivenUp?: (message: Message) => void;
  readonly prepareMedia?: PrepareMedia;
};

/** The outbox of an instance, put together as a session does it, over a real table. */
export function anOutbox(instance: Instance, parts: OutboxParts) {
  const { table, onGivenUp = () => undefined, prepareMedia = refuseFiles } = parts;
  const messages = new MessageRepository(table);
  const outbox = new OutboxRepository(table);
  const choices = new ChoiceRepository(table);
  const giveUp = giveUpOf({ ...parts, messages, onGivenUp });
  const media = new MediaPreparer({ ...parts, messages, prepare: prepareMedia, giveUp });
  const pacer = new SendPacer(instance, { ...parts, paceByDefault: false, jitter: () => 0 });
  const worker = new OutboxWorker(instance.instanceId, {
    ...parts,
    messages,
    outbox,
    choices,
    media,
    pacer,
    giveUp,
  });
  return { messages, outbox, choices, media, giveUp, worker };
}

const refuseFiles: PrepareMedia = async () => {
  throw new Error('No file was expected.');
};
