import { byTarget } from '#simulator/phones/message-changes.ts';
import { type MediaOutcome, openMedia, uploadMedia } from '#simulator/phones/phone-media.ts';
import { sendMessage } from '#simulator/phones/phone-outbox.ts';
import { markRead } from '#simulator/phones/phone-receipts.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';

import { ControlError, parseInput } from './control-error.ts';
import { findPhone, findRoute, onlinePhone } from './phone-lookup.ts';
import { type ControlDeps, ok, type Route } from './route.ts';
import { MessageBody, MessageParams, MessagesQuery, PhoneParams, ReadBody } from './schemas.ts';
import { toMessageView } from './views.ts';

const MEDIA_BODY_BYTES_MAX = 100 * 1024 * 1024;

const MEDIA_ERRORS: Record<Exclude<MediaOutcome['kind'], 'opened'>, readonly [number, string]> = {
  no_media: [404, 'The message has no media.'],
  not_uploaded: [404, 'The media is not on the media server.'],
  damaged: [422, 'The media does not fit its key, MAC or hash.'],
};

export const MESSAGE_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/phones/:number/messages',
    bodyBytesMax: MEDIA_BODY_BYTES_MAX,
    run: async ({ params, body }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      const message = parseInput(MessageBody, body);
      const phone = onlinePhone(number, network);
      const route = findRoute(phone, message.to, network);
      const content =
        'text' in message
          ? { conversation: message.text }
          : await uploadMedia(
              { ...message.media, bytes: Buffer.from(message.media.base64, 'base64') },
              network,
            );
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
    method: 'GET',
    path: '/phones/:number/messages/:id/media',
    run: async ({ params }, deps) => {
      const { number, id } = parseInput(MessageParams, params);
      const outcome = await openMedia(findMessage(number, id, deps), deps.network);
      if (outcome.kind === 'opened') {
        return { status: 200, bytes: outcome.bytes, contentType: outcome.mimetype };
      }
      const [status, message] = MEDIA_ERRORS[outcome.kind];
      throw new ControlError(status, outcome.kind, { message });
    },
  },
  {
    method: 'POST',
    path: '/phones/:number/read',
    run: ({ params, body }, deps) => {
      const { number } = parseInput(PhoneParams, params);
      const { id } = parseInput(ReadBody, body);
      const { network } = deps;
      const phone = onlinePhone(number, network);
      network.store.db.transaction(() => markRead(phone, findMessage(number, id, deps), network));
      const changesOf = byTarget(network.store.messages.changes(number));
      return ok(toMessageView(findMessage(number, id, deps), changesOf, network));
    },
  },
];

/** A received message goes before an own one with the same id. */
function findMessage(number: string, id: string, { network }: ControlDeps): MessageRecord {
  findPhone(number, network);
  const found = network.store.messages.findById(number, id);
  const message = found.find(({ fromMe }) => !fromMe) ?? found[0];
  if (message) return message;
  throw new ControlError(404, 'message_not_found', {
    message: 'The phone shows no message with this id.',
    details: { id },
  });
}
