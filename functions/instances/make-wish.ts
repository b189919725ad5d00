import { DomainError } from '#shared/domain/error.ts';
import type { DesiredState, Instance, PairingRequest } from '#shared/domain/instance.ts';
import { ConditionFailed } from '#shared/storage/table.ts';
import type { Deps } from '../deps.ts';
import { ringInstance } from '../ring-instance.ts';

type Wish = { readonly desired: DesiredState; readonly pairingRequest?: PairingRequest };
type Needs = Pick<Deps, 'instances' | 'ringDoorbell' | 'logger' | 'now'>;

/** Records what the account wants of the instance, and tells the runner. Throws `not_found` when it is gone. */
export async function makeWish(instance: Instance, wish: Wish, deps: Needs): Promise<Instance> {
  const wished = await recordWish(instance, wish, deps);
  const dedupId = `${wished.instanceId}-${wished.generation}`;
  await ringInstance(wished, { kind: 'instance', dedupId }, deps);
  return wished;
}

async function recordWish(
  instance: Instance,
  wish: Wish,
  { instances, now }: Needs,
): Promise<Instance> {
  try {
    return await instances.wish(instance, { ...wish, at: now() });
  } catch (cause) {
    if (!(cause instanceof ConditionFailed)) throw cause;
    throw new DomainError('not_found', 'There is no such instance.', { cause });
  }
}
