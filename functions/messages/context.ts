import type { Instance } from '#shared/domain/instance.ts';
import type { MessageTarget } from '#shared/domain/message-content.ts';
import type { Deps } from '../deps.ts';
import { findTarget, toTarget } from './find-target.ts';

type ContextFields = {
  readonly quotedMessageId?: string | undefined;
  readonly mentions?: readonly string[] | undefined;
};
type Context = { readonly quoted?: MessageTarget; readonly mentions?: string[] };

/** What a message answers, and whom it names, as the outbox keeps it. Throws `not_found` for an unknown answer. */
export async function toContext(
  instance: Instance,
  { quotedMessageId, mentions = [] }: ContextFields,
  deps: Pick<Deps, 'messages' | 'received'>,
): Promise<Context> {
  const path = 'quotedMessageId';
  return {
    ...(quotedMessageId && {
      quoted: toTarget(await findTarget(instance, { id: quotedMessageId, path }, deps)),
    }),
    ...(mentions.length > 0 && { mentions: [...new Set(mentions)] }),
  };
}
