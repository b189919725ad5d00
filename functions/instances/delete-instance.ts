import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { noContent } from '../http/reply.ts';
import { makeWish } from './make-wish.ts';

type Needs = Pick<Deps, 'instances' | 'ringDoorbell' | 'logger' | 'now'>;

/** The instance is gone for the API at once; the runner logs it out and takes its data away. */
export const deleteInstance = defineRoute({
  auth: 'instance',
  async run({ instance }, deps: Needs) {
    await makeWish(instance, { desired: 'DELETED' }, deps);
    return noContent();
  },
});
