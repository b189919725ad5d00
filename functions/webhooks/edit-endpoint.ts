import type { Instance } from '#shared/domain/instance.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import type { Deps } from '../deps.ts';
import { tryEdit } from '../try-edit.ts';

/** What is to be there, but for whose it is and when it was changed. */
type Content = Omit<
  WebhookEndpoint,
  'accountId' | 'instanceId' | 'endpointId' | 'createdAt' | 'updatedAt'
>;

type Edit = {
  readonly endpointId: string;
  /** The content in place of what is there now. It may throw. */
  readonly make: (previous: WebhookEndpoint | undefined) => Content;
};

export type EditEndpointNeeds = Pick<Deps, 'endpoints' | 'now' | 'random' | 'sleep'>;

/** Puts an endpoint in place of the one that is there, whoever else does so. Throws `unavailable` when too many do. */
export async function editEndpoint(
  { accountId, instanceId }: Pick<Instance, 'accountId' | 'instanceId'>,
  { endpointId, make }: Edit,
  { endpoints, now, ...deps }: EditEndpointNeeds,
): Promise<WebhookEndpoint> {
  return await tryEdit(async () => {
    const previous = await endpoints.get({ instanceId }, endpointId);
    const at = changeTime(previous, now());
    const endpoint = {
      ...make(previous),
      accountId,
      instanceId,
      endpointId,
      createdAt: previous?.createdAt ?? at,
      updatedAt: at,
    };
    return (await endpoints.replace(endpoint, previous)) ? endpoint : 'overtaken';
  }, deps);
}

/** No two changes have the same time, by which they are told apart. */
function changeTime(previous: WebhookEndpoint | undefined, now: Date): string {
  const after = previous === undefined ? 0 : new Date(previous.updatedAt).getTime() + 1;
  return new Date(Math.max(now.getTime(), after)).toISOString();
}
