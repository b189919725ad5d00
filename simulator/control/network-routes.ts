import { applyFault } from '#simulator/faults/apply-fault.ts';

import { ControlError, parseInput } from './control-error.ts';
import { findPhone } from './phone-lookup.ts';
import { ok, type Route } from './route.ts';
import { FaultBody } from './schemas.ts';
import { toSocketView, toStatsView } from './views.ts';

export const NETWORK_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/healthz', run: () => ok({ status: 'ok' }) },
  { method: 'GET', path: '/stats', run: (_request, deps) => ok(toStatsView(deps)) },
  {
    method: 'GET',
    path: '/sockets',
    run: (_request, { network }) => ok(network.live.all().map(toSocketView)),
  },
  {
    method: 'POST',
    path: '/faults',
    run: ({ body }, { network }) => {
      const fault = parseInput(FaultBody, body);
      if (fault.number !== undefined) findPhone(fault.number, network);
      if (fault.kind === 'media' || fault.kind === 'slow-media') {
        network.mediaFaults.add(fault, fault.times);
        return ok({ kind: 'applied', sockets: 0, waiting: fault.times });
      }
      const { number, ...order } = fault;
      const outcome = applyFault(number, order, network);
      if (outcome.kind === 'applied') return ok(outcome);
      throw new ControlError(409, 'no_live_device', {
        message: 'No linked device of this number is connected. Use at: login for the next one.',
        details: { number },
      });
    },
  },
];
