import type { InstanceRef, InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import { type ProgressDeps, recordProgress } from '../webhooks/record-progress.ts';

type Deps = ProgressDeps & {
  readonly instances: Pick<InstanceRepository, 'get'>;
  readonly messages: Pick<MessageRepository, 'get'>;
};

/** Tells of a message that the control plane has canceled. Told twice, it is recorded once. */
export async function tellCanceled(
  { messageId, ...ref }: InstanceRef & { readonly messageId: string },
  deps: Deps,
): Promise<void> {
  const [instance, message] = await Promise.all([
    deps.instances.get(ref),
    deps.messages.get(messageId),
  ]);
  if (instance === undefined || message?.state !== 'CANCELED') return;
  if (message.instanceId !== instance.instanceId) return;
  await recordProgress(message, { instance, user: instance.user }, deps);
}
