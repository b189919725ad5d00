import {
  type ChangeOutcome,
  changeGroup,
  type GroupChange,
} from '#simulator/groups/change-group.ts';
import { createGroup } from '#simulator/groups/groups.ts';
import type { Network } from '#simulator/network.ts';

import { ControlError, parseInput } from './control-error.ts';
import { GroupBody, GroupChangeBody, GroupParams } from './group-bodies.ts';
import { findGroup, findPhone, onlinePhone } from './phone-lookup.ts';
import { created, ok, type Route } from './route.ts';
import { toGroupView } from './views.ts';

const REFUSALS: Record<Exclude<ChangeOutcome, 'changed'>, readonly [number, string]> = {
  not_a_member: [403, 'The phone is not in this group.'],
  not_an_admin: [403, 'Only an admin of the group may do this.'],
  already_a_member: [409, 'Who is to come in is in the group already.'],
  no_such_member: [404, 'Somebody who is named is not in the group.'],
  too_many_members: [409, 'The group would have more members than WhatsApp allows.'],
};

export const GROUP_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/groups',
    run: ({ body }, { network }) => {
      const { subject, participants, addressingMode } = parseInput(GroupBody, body);
      for (const number of participants) findPhone(number, network);
      const group = { subject, members: participants, addressing: addressingMode };
      return created(toGroupView(createGroup(group, network), network));
    },
  },
  {
    method: 'POST',
    path: '/phones/:number/groups/:id',
    run: ({ params, body }, { network }) => {
      const { number, id } = parseInput(GroupParams, params);
      const change = toChange(parseInput(GroupChangeBody, body), network);
      const by = onlinePhone(number, network);
      const outcome = changeGroup({ group: findGroup(id, network), by, change }, network);
      if (outcome === 'changed') return ok(toGroupView(findGroup(id, network), network));
      const [status, message] = REFUSALS[outcome];
      throw new ControlError(status, outcome, { message, details: { id } });
    },
  },
];

function toChange(body: GroupChangeBody, network: Pick<Network, 'store'>): GroupChange {
  if (!('who' in body)) return body;
  return { kind: body.kind, who: body.who.map((number) => findPhone(number, network)) };
}
