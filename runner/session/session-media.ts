import type { Dispatcher } from 'undici';
import { isMedia } from '#shared/domain/message-content.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { atMost } from '../at-most.ts';
import type { UrlGuard } from '../http/guarded-dispatcher.ts';
import { prepareMedia } from '../media/prepare-media.ts';
import type { PrepareMedia } from '../outbound/media-preparer.ts';

/** Files of one runner at the same time: a large picture takes up to 64 MB while its thumbnail is made. */
const UNDER_WAY_MAX = 3;

export type SessionMediaDeps = {
  readonly blobs: Blobs;
  /** To the URLs of customers. */
  readonly dispatcher: Dispatcher;
  readonly guard: UrlGuard;
  /** To WhatsApp's own media hosts. */
  readonly mediaDispatcher: Dispatcher;
  readonly randomBytes: (bytes: number) => Uint8Array;
  readonly now: () => Date;
};

/** How a session brings a file of its customer to WhatsApp. */
export function mediaPreparation(deps: SessionMediaDeps): PrepareMedia {
  const { blobs, dispatcher, guard, mediaDispatcher, randomBytes, now } = deps;
  const bounded = atMost(UNDER_WAY_MAX);
  return async ({ instanceId, messageId, content }, socket) => {
    if (!isMedia(content)) throw new Error('A message without a file has nothing to prepare.');
    const whatsapp = {
      dispatcher: mediaDispatcher,
      mediaConnection: (options?: { readonly renew?: boolean }) => socket.mediaConnection(options),
    };
    return await bounded(() =>
      prepareMedia(
        { instanceId, messageId, content },
        { blobs, web: { dispatcher, guard }, whatsapp, randomBytes, now },
      ),
    );
  };
}
