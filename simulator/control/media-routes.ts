import type { Network } from '#simulator/network.ts';
import { byTarget, changedView } from '#simulator/phones/message-changes.ts';
import { type MediaOutcome, openMedia, uploadMedia } from '#simulator/phones/phone-media.ts';
import { sendMessage } from '#simulator/phones/phone-outbox.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';

import { ControlError, parseInput } from './control-error.ts';
import { MediaQuery } from './message-body.ts';
import { findMessage, findRoute, onlinePhone } from './phone-lookup.ts';
import { ok, type Route } from './route.ts';
import { MessageParams, PhoneParams } from './schemas.ts';

const MEDIA_BYTES_MAX = 100 * 1024 * 1024;

const MEDIA_ERRORS: Record<Exclude<MediaOutcome['kind'], 'opened'>, readonly [number, string]> = {
  no_media: [404, 'The message has no media.'],
  not_uploaded: [404, 'The media is not on the media server.'],
  damaged: [422, 'The media does not fit its key, MAC or hash.'],
};

export const MEDIA_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/phones/:number/messages/media',
    bodyBytesMax: MEDIA_BYTES_MAX,
    takes: 'bytes',
    run: async ({ params, query, bytes }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      const { to, ...media } = parseInput(MediaQuery, query);
      const phone = onlinePhone(number, network);
      const route = findRoute(phone, to, network);
      const content = await uploadMedia(media, bytes, network);
      return ok({ id: sendMessage(phone, { route, content }, network) });
    },
  },
  {
    method: 'GET',
    path: '/phones/:number/messages/:id/media',
    run: async ({ params }, { network }) => {
      const { number, id } = parseInput(MessageParams, params);
      const outcome = await openShownMedia(findMessage(number, id, network), network);
      if (outcome.kind === 'opened') {
        const { bytes, size, mimetype } = outcome;
        return { status: 200, bytes, size, contentType: mimetype };
      }
      const [status, message] = MEDIA_ERRORS[outcome.kind];
      throw new ControlError(status, outcome.kind, { message });
    },
  },
];

/** A revoked message has lost its media too. */
async function openShownMedia(message: MessageRecord, network: Network): Promise<MediaOutcome> {
  const changesOf = byTarget(network.store.messages.changes(message.number));
  const { type } = changedView(message, changesOf(message));
  return type === 'revoked' ? { kind: 'no_media' } : openMedia(message, network);
}
