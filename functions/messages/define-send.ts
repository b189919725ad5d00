import type * as z from 'zod';
import { DomainError } from '#shared/domain/error.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import type { Draft } from '#shared/messages/accept-messages.ts';
import type { Deps } from '../deps.ts';
import { defineRoute, type Operation } from '../http/define-route.ts';
import { type Preferences, readPreferences } from '../http/preferences.ts';
import type { ApiRequest } from '../http/read-request.ts';
import { noContent, ok, type Reply } from '../http/reply.ts';
import { acceptAndRing, requireSendable } from './accept-and-ring.ts';
import { awaitSent, awaitUploads } from './await-sent.ts';
import { findFirstCall, readIdempotencyKey } from './idempotency-key.ts';
import { type FileToStore, storeFile } from './message-file.ts';
import { requireQuota } from './message-quota.ts';
import { messageHeaders, toWhatsAppView } from './message-view.ts';
import { readTimes, type SEND_OPTIONS } from './send-options.ts';

type SendBody = z.ZodObject<typeof SEND_OPTIONS>;

type SendCall<Body> = {
  readonly instance: Instance;
  readonly request: ApiRequest;
  readonly body: Body;
};

/** A message to be, with the file of the call that is to be stored for it. */
export type DraftOfCall = Draft & { readonly toStore?: FileToStore };

type SendDefinition<B extends z.ZodType<z.output<SendBody>>> = {
  /** Names the kind of call: one idempotency key is for one kind. */
  readonly operation: string;
  /** Its own fields, and `SEND_OPTIONS`. */
  readonly body: B;
  /** What the customer's page shows as the answer: a body, or none unless it is preferred. */
  readonly answers: 'body' | 'nothing';
  /** What the page shows tells of the uploaded file: unless the caller says how long to wait, it is waited for. */
  readonly showsUpload?: true;
  /** The messages to send, one at least; it stores nothing. Throws what is wrong with the call. */
  draft(call: SendCall<z.output<B>>, deps: Deps): Promise<readonly DraftOfCall[]>;
  /** The answer's `data`; without it, WhatsApp's form of the first message. */
  data?(messages: readonly Message[], body: z.output<B>): unknown;
};

/**
 * A call that sends. It is accepted once for each `Idempotency-Key`, to be sent now or at `sendAt`, and answered at
 * once or, by `Prefer: wait=…`, when WhatsApp has it.
 */
export function defineSend<B extends z.ZodType<z.output<SendBody>>>(
  definition: SendDefinition<B>,
): Operation<'instance'> {
  return defineRoute({
    auth: 'instance',
    body: definition.body,
    async run({ instance, request, body, notes }, deps) {
      const preferences = readPreferences(request);
      const call = { instance, request, body };
      const accepted = await acceptOnce(call, definition, deps);
      const messages = await awaitAnswer(accepted, { instance, preferences, definition }, deps);
      notes.messageId = messages[0]?.messageId;
      return toReply(messages, { definition, body, preferences });
    },
  });
}

async function awaitAnswer<B extends z.ZodType<z.output<SendBody>>>(
  accepted: readonly Message[],
  about: { instance: Instance; preferences: Preferences; definition: SendDefinition<B> },
  deps: Deps,
): Promise<readonly Message[]> {
  const { waitS } = about.preferences;
  if (waitS === undefined && about.definition.showsUpload) {
    return await awaitUploads(accepted, about.instance, deps);
  }
  return await awaitSent(accepted, waitS ?? 0, deps);
}

async function acceptOnce<B extends z.ZodType<z.output<SendBody>>>(
  call: SendCall<z.output<B>>,
  { operation, draft }: SendDefinition<B>,
  deps: Deps,
): Promise<readonly Message[]> {
  const { instance, request, body } = call;
  const keyed = await readIdempotencyKey(request, { ...instance, operation });
  const first = keyed && (await findFirstCall(keyed, deps));
  if (first) return first;
  requireSendable(instance);
  const times = readTimes(body, deps.now());
  const drafts = await draft(call, deps);
  await requireQuota(instance.accountId, drafts.length, deps);
  for (const { toStore } of drafts) if (toStore) await storeFile(instance, toStore, deps);
  const accepted = await acceptAndRing(instance, { drafts, times, call: keyed }, deps);
  if (accepted) return accepted;
  const other = keyed && (await findFirstCall(keyed, deps));
  if (other) return other;
  throw new Error('Another call had the idempotency key, and is not there.');
}

function toReply<B extends z.ZodType<z.output<SendBody>>>(
  messages: readonly Message[],
  {
    definition,
    body,
    preferences,
  }: { definition: SendDefinition<B>; body: z.output<B>; preferences: Preferences },
): Reply {
  const [message] = messages;
  // Only of a message that was taken back by its purge is nothing left to show.
  if (message === undefined) throw new DomainError('not_found', 'The message is gone.');
  const headers = messageHeaders(message);
  const isSilent = definition.answers === 'nothing' && !preferences.representation;
  if (isSilent && message.failure) {
    throw new DomainError('message_failed', message.failure.message, {
      details: [{ path: 'message', message: `failed with the code ${message.failure.code}` }],
    });
  }
  if (isSilent) return { ...noContent(), headers };
  const data = definition.data?.(messages, body) ?? toWhatsAppView(message);
  return ok(wordsOf(messages), data, headers);
}

/** Who waited is told by the words, too, when one of the messages has failed meanwhile. */
function wordsOf(messages: readonly Message[]): string {
  const failure = messages.find((message) => message.failure !== undefined)?.failure;
  return failure ? `The message failed: ${failure.message}` : 'Message sent successfully';
}
