import type { Instance } from '#shared/domain/instance.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import type { Deps } from '../deps.ts';

/** Somebody else would have to change the same endpoint as often meanwhile. */
const TRIES_MAX = 5;

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

/** Puts an endpoint in place of the one that is there, whoever else does so. */
export async function editEndpoint(
  { accountId, instanceId }: Pick<Instance, 'accountId' | 'instanceId'>,
  { endpointId, make }: Edit,
  { endpoints, now }: Pick<Deps, 'endpoints' | 'now'>,
): Promise<WebhookEndpoint> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
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
    if (await endpoints.replace(endpoint, previous)) return endpoint;
  }
  throw new Error(`A webhook of ${instanceId} is being changed by too many calls at once.`);
}

/** No two changes have the same time, by which they are told apart. */
function changeTime(previous: WebhookEndpoint | undefined, now: Date): string {
  const after = previous === undefined ? 0 : new Date(previous.updatedAt).getTime() + 1;
  return new Date(Math.max(now.getTime(), after)).toISOString();
}
