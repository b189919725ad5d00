import { DomainError } from '#shared/domain/error.ts';
import { Ulid } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import type { Deps } from '../deps.ts';
import type { Caller } from '../http/authorize.ts';

type Needs = Pick<Deps, 'instances' | 'messages'>;

export type VisibleMessage = { readonly message: Message; readonly instance: Instance };

/**
 * The sent message that `id` names, when the caller may see it: by our id, WhatsApp's, or open-wa's
 * `true_<chat>_<id>`. Throws `not_found`.
 */
export async function findOwnMessage(
  id: string,
  caller: Caller,
  deps: Needs,
): Promise<VisibleMessage> {
  for (const message of await findMessages(id, deps)) {
    const instance = await visibleInstance(message, caller, deps);
    if (instance) return { message, instance };
  }
  throw new DomainError('not_found', 'There is no such message.');
}

async function findMessages(id: string, { messages }: Needs): Promise<readonly Message[]> {
  if (Ulid.safeParse(id).success) {
    const message = await messages.get(id);
    return message ? [message] : [];
  }
  const waId = /^(?:true_.+_)?(3EB0[0-9A-F]{18})$/.exec(id)?.[1];
  return waId === undefined ? [] : await messages.listByWaId(waId);
}

/** The message's instance, when it is there and the caller may see it. */
async function visibleInstance(
  message: Message,
  caller: Caller,
  { instances }: Needs,
): Promise<Instance | undefined> {
  switch (caller.kind) {
    case 'instance':
      return message.instanceId === caller.instance.instanceId ? caller.instance : undefined;
    case 'account': {
      if (message.accountId !== caller.accountId) return undefined;
      const instance = await instances.get(message);
      return instance?.desired === 'DELETED' ? undefined : instance;
    }
  }
}
