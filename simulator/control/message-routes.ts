import { byTarget } from '#simulator/phones/message-changes.ts';
import { sendMessage } from '#simulator/phones/phone-outbox.ts';
import { markRead } from '#simulator/phones/phone-receipts.ts';

import { composeMessage } from './compose-message.ts';
import { parseInput } from './control-error.ts';
import { MessageBody } from './message-body.ts';
import { findMessage, findPhone, findRoute, onlinePhone } from './phone-lookup.ts';
import { ok, type Route } from './route.ts';
import { MessagesQuery, PhoneParams, ReadBody } from './schemas.ts';
import { toMessageView } from './views.ts';

/** Media inside JSON, which is larger there by a third. */
const MESSAGE_BODY_BYTES_MAX = 140 * 1024 * 1024;

export const MESSAGE_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/phones/:number/messages',
    bodyBytesMax: MESSAGE_BODY_BYTES_MAX,
    run: async ({ params, body }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      const message = parseInput(MessageBody, body);
      const phone = onlinePhone(number, network);
      const route = findRoute(phone, message.to, network);
      const content = await composeMessage(message, { phone, route }, network);
      return ok({ id: sendMessage(phone, { route, content }, network) });
    },
  },
  {
    method: 'GET',
    path: '/phones/:number/messages',
    run: ({ params, query }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      const { since, limit, chat } = parseInput(MessagesQuery, query);
      findPhone(number, network);
      const messages = network.store.messages.list(number, { sinceMs: since, limit, chat });
      const changesOf = byTarget(network.store.messages.changes(number));
      return ok(messages.map((message) => toMessageView(message, changesOf, network)));
    },
  },
  {
    method: 'POST',
    path: '/phones/:number/read',
    run: ({ params, body }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      const { id } = parseInput(ReadBody, body);
      const phone = onlinePhone(number, network);
      network.store.db.transaction(() =>
        markRead(phone, findMessage(number, id, network), network),
      );
      const changesOf = byTarget(network.store.messages.changes(number));
      return ok(toMessageView(findMessage(number, id, network), changesOf, network));
    },
  },
];
