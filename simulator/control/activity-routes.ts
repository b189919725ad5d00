import * as z from 'zod';

import { endCall, ring } from '#simulator/phones/phone-calls.ts';
import { showTyping } from '#simulator/phones/phone-typing.ts';

import { ControlError, parseInput } from './control-error.ts';
import { findPhone, findRoute, onlinePhone } from './phone-lookup.ts';
import { created, ok, type Route } from './route.ts';
import { EmptyBody, PhoneNumber, PhoneParams } from './schemas.ts';

const Recipient = z.union([z.string().min(1).max(100), z.number()]).transform(String);
const TypingBody = z.strictObject({
  to: Recipient,
  state: z.enum(['composing', 'recording', 'paused']),
});
const CallBody = z.strictObject({ to: PhoneNumber, video: z.boolean().default(false) });
const CallParams = z.strictObject({ number: PhoneNumber, id: z.string().min(1) });
const EndQuery = z.strictObject({ reason: z.enum(['hung_up', 'timeout']).default('hung_up') });

/** What a phone does that leaves no message. */
export const ACTIVITY_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/phones/:number/presence',
    run: ({ params, body }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      const { to, state } = parseInput(TypingBody, body);
      const phone = onlinePhone(number, network);
      const route = findRoute(phone, to, network);
      if (route.kind === 'broadcast') {
        throw new ControlError(400, 'no_chat', { message: 'Nobody is in a chat there.' });
      }
      showTyping(phone, { route, state }, network);
      return ok({ to, state });
    },
  },
  {
    method: 'POST',
    path: '/phones/:number/calls',
    run: ({ params, body }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      const { to, video } = parseInput(CallBody, body);
      const [from, called] = [onlinePhone(number, network), findPhone(to, network)];
      const call = ring({ from, to: called, video }, network);
      network.calls.add(call);
      return created({ id: call.id, to, video });
    },
  },
  {
    method: 'DELETE',
    path: '/phones/:number/calls/:id',
    run: ({ params, query, body }, { network }) => {
      const { number, id } = parseInput(CallParams, params);
      const { reason } = parseInput(EndQuery, query);
      parseInput(EmptyBody, body);
      const call = network.calls.take(number, id);
      if (!call) {
        throw new ControlError(404, 'call_not_found', {
          message: 'No call of this phone with this id rings now.',
          details: { id },
        });
      }
      endCall(call, reason, network);
      return ok({ id, reason });
    },
  },
];
