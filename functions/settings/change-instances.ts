import type { Instance } from '#shared/domain/instance.ts';
import type { EditablePart, InstanceEdit } from '#shared/repositories/instance-repository.ts';
import { type EditNeeds, editInstance } from '../edit-instance.ts';
import type { Caller } from '../http/authorize.ts';
import type { CallNotes } from '../http/call-notes.ts';
import { findOwnInstance } from '../http/find-instance.ts';
import { readCredentials } from '../http/read-credentials.ts';
import type { ApiRequest } from '../http/read-request.ts';
import { ok, type Reply } from '../http/reply.ts';

/** So many instances are written at a time: a large account takes longer, not more of the table at once. */
const WRITES_AT_ONCE_MAX = 16;

/** Who changes settings, and of which instances. */
export type ChangeCall = {
  readonly caller: Caller;
  readonly request: ApiRequest;
  readonly notes: CallNotes;
};

/** `onChanged` is told of each instance that is another way now. */
type Change<Part extends EditablePart> = InstanceEdit<Part> & {
  readonly onChanged?: (instance: Instance) => Promise<void>;
};

/**
 * Changes the instance that the call names, or all of the account's. Nothing is written when the edit throws for one
 * of them. A call that fails on its way can be repeated: it goes on with those left.
 */
export async function changeInstances<Part extends EditablePart>(
  { onChanged, ...edit }: Change<Part>,
  call: ChangeCall,
  deps: EditNeeds,
): Promise<Reply> {
  const instances = await instancesOf(call, deps);
  const differing = instances.filter((each) => edit.make(each[edit.part]) !== undefined);
  const outcomes: string[] = [];
  const editOne = async (instance: Instance) => {
    const outcome = await editInstance(instance, edit, deps);
    if (outcome === 'changed') await onChanged?.(instance);
    return outcome;
  };
  for (let start = 0; start < differing.length; start += WRITES_AT_ONCE_MAX) {
    const batch = differing.slice(start, start + WRITES_AT_ONCE_MAX);
    outcomes.push(...(await Promise.all(batch.map(editOne))));
  }
  const count = (outcome: string) => outcomes.filter((each) => each === outcome).length;
  return ok('Whatsapp settings updated successfully!', {
    acknowledged: true,
    modifiedCount: count('changed'),
    upsertedId: null,
    upsertedCount: 0,
    matchedCount: instances.length - count('gone'),
  });
}

async function instancesOf(
  { caller, request, notes }: ChangeCall,
  deps: EditNeeds,
): Promise<readonly Instance[]> {
  if (caller.kind === 'instance') return [caller.instance];
  const { sessionId, accessToken } = readCredentials(request);
  // A token names an instance, too: whoever sends one does not mean them all.
  if (sessionId === undefined && accessToken === undefined) {
    return await deps.instances.listByAccount(caller.accountId);
  }
  const instance = await findOwnInstance(request, caller.accountId, deps);
  notes.instanceId = instance.instanceId;
  return [instance];
}
