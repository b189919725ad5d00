import type { Instance } from '#shared/domain/instance.ts';
import { asOf } from '#shared/domain/message.ts';
import type { Untold } from '#shared/domain/untold.ts';
import type { InstanceRef, InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { UntoldRepository } from '#shared/repositories/untold-repository.ts';
import { type ProgressDeps, recordProgress } from './record-progress.ts';
import type { WebhookDelivery } from './webhook-delivery.ts';

export type UntoldDeps = ProgressDeps & {
  readonly untold: UntoldRepository;
  readonly instances: Pick<InstanceRepository, 'get'>;
  readonly messages: Pick<MessageRepository, 'get'>;
  readonly delivery: Pick<WebhookDelivery, 'bury'>;
};

type Of<Kind extends Untold['kind']> = Extract<Untold, { kind: Kind }>;

/**
 * Tells what has changed of an instance and was told by nobody: whoever made the change has ended meanwhile, or was not
 * a runner. What another is telling at the same time is recorded once.
 */
export async function tellUntold(ref: InstanceRef, deps: UntoldDeps): Promise<void> {
  let instance: Instance | undefined;
  for await (const note of deps.untold.list(ref.instanceId)) {
    instance ??= await deps.instances.get(ref);
    if (instance === undefined) return;
    await tell(note, instance, deps);
  }
}

async function tell(note: Untold, instance: Instance, deps: UntoldDeps): Promise<void> {
  switch (note.kind) {
    case 'message':
      return await tellOfMessage(note, instance, deps);
    case 'webhook_disabled':
      return await tellOfWebhook(note, instance, deps);
    case 'webhook_deleted': {
      const { instanceId } = instance;
      await deps.delivery.bury({ instanceId, endpointId: note.endpointId });
      await deps.untold.drop(instanceId, note);
    }
  }
}

async function tellOfMessage(
  note: Of<'message'>,
  instance: Instance,
  deps: UntoldDeps,
): Promise<void> {
  const message = await deps.messages.get(note.messageId);
  if (message === undefined) return await deps.untold.drop(instance.instanceId, note);
  await recordProgress(asOf(message, note.state), { instance, user: instance.user }, deps);
}

async function tellOfWebhook(
  note: Of<'webhook_disabled'>,
  instance: Instance,
  { delivery, events }: UntoldDeps,
): Promise<void> {
  const { endpointId, url, reason, at } = note;
  await delivery.bury({ instanceId: instance.instanceId, endpointId });
  const data = { endpoint_id: endpointId, url, reason };
  const key = `${endpointId}|${at}`;
  const happening = { event: 'onWebhookDisabled', at: new Date(at), key, data } as const;
  await events.record(instance, happening, [note]);
}
