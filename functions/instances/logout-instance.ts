import { decideLogout } from '#shared/domain/decide-wish.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { noContent } from '../http/reply.ts';
import { makeWish } from './make-wish.ts';
import { pollInstance } from './poll-instance.ts';

/** WhatsApp confirms in a second or two; a runner that is away does it later. */
const LOGOUT_TIMEOUT_MS = 10_000;

type Needs = Pick<Deps, 'instances' | 'ringDoorbell' | 'logger' | 'now' | 'sleep'>;

/** Takes the instance off the phone's linked devices. Waits a while for it, and answers the same either way. */
export const logoutInstance = defineRoute({
  auth: 'instance',
  async run({ instance }, deps: Needs) {
    const wished = await makeWish(instance, { desired: 'LOGGED_OUT' }, deps);
    if (decideLogout(wished).kind === 'wait') {
      await pollInstance(
        wished,
        {
          timeoutMs: LOGOUT_TIMEOUT_MS,
          look: (now) => (now === undefined || now.status === 'LOGGED_OUT' ? 'done' : undefined),
        },
        deps,
      );
    }
    return noContent();
  },
});
