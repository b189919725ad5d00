import * as z from 'zod';
import type { Instance } from '#shared/domain/instance.ts';
import { type Message, MessageState } from '#shared/domain/message.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { PageQuery, readPage } from '../http/page-query.ts';
import { ok } from '../http/reply.ts';
import { toMessageView } from './message-view.ts';

/** So many messages are looked at for one page: a rare state is found over several. */
const LOOKED_AT_MAX = 1_000;

const Query = PageQuery.extend({
  state: z
    .union([MessageState, z.literal('')], `must be one of ${MessageState.options.join(', ')}`)
    .optional()
    .transform((state) => state || undefined),
});
type Query = z.output<typeof Query>;
type Needs = Pick<Deps, 'messages'>;

/** The messages of an instance, newest first, page by page; of one state, when that is asked for. */
export const listMessages = defineRoute({
  auth: 'instance',
  query: Query,
  async run({ instance, query }, deps: Needs) {
    const { messages, cursor } = await readPage(() => readMatching(instance, query, deps));
    return ok('Messages fetched successfully', {
      messages: messages.map((message) => toMessageView(message, instance.sessionId)),
      cursor: cursor ?? null,
    });
  },
});

/** A page may have fewer than `limit` and still a cursor. */
async function readMatching(
  { instanceId }: Instance,
  { limit, cursor, state }: Query,
  { messages }: Needs,
): Promise<{ messages: Message[]; cursor: string | undefined }> {
  const found: Message[] = [];
  let next = cursor;
  let lookedAt = 0;
  do {
    const page = await messages.list(instanceId, { limit: limit - found.length, cursor: next });
    found.push(...page.messages.filter((message) => !state || message.state === state));
    lookedAt += page.messages.length;
    next = page.cursor;
  } while (next !== undefined && found.length < limit && lookedAt < LOOKED_AT_MAX);
  return { messages: found, cursor: next };
}
