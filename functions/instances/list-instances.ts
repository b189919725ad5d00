import type { Deps } from '../deps.ts';
import type { Caller } from '../http/authorize.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { toListedView } from './instance-view.ts';
import { seeStatuses } from './see-status.ts';

type Needs = Pick<Deps, 'instances' | 'runners' | 'now'>;

/** All of the account's instances, or the one whose own token was sent. */
export const listInstances = defineRoute({
  auth: 'either',
  async run({ caller }, deps: Needs) {
    const visible = await seeStatuses(await instancesOf(caller, deps), deps);
    return ok('Whatsapp fetched successfully!', visible.map(toListedView));
  },
});

async function instancesOf(caller: Caller, { instances }: Needs) {
  switch (caller.kind) {
    case 'account':
      return await instances.listByAccount(caller.accountId);
    case 'instance':
      return [caller.instance];
  }
}
