import * as z from 'zod';
import { DomainError } from '#shared/domain/error.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { validate } from '../http/validate.ts';
import { acceptAndRing, requireSendable } from './accept-and-ring.ts';
import { findFirstCall } from './idempotency-key.ts';
import { requireQuota } from './message-quota.ts';
import { messageHeaders, toMessageView } from './message-view.ts';
import { findOwnMessage } from './own-message.ts';
import { readTimes, SEND_OPTIONS } from './send-options.ts';

const Body = z.object(SEND_OPTIONS);

/**
 * Sends what a message said that failed, expired or was canceled, as a new message: an end state is for good. Asked
 * twice, it answers the same new message.
 */
export const retryMessage = defineRoute({
  auth: 'either',
  async run({ caller, request, notes }, deps) {
    const { message, instance } = await findOwnMessage(request.params['id'] ?? '', caller, deps);
    requireEnded(message);
    requireSendable(instance);
    const { kind, fields } = request.body;
    const times = readTimes(validate(Body, { value: fields, isForm: kind === 'form' }), deps.now());
    const repeat = await sendAgain({ message, instance, times }, deps);
    notes.instanceId = instance.instanceId;
    notes.messageId = repeat.messageId;
    const view = toMessageView(repeat, instance.sessionId);
    return ok('Message is sent again', view, messageHeaders(repeat));
  },
});

function requireEnded({ state }: Message): void {
  switch (state) {
    case 'FAILED':
    case 'EXPIRED':
    case 'CANCELED':
      return;
    case 'QUEUED':
    case 'SENDING':
    case 'SENT':
    case 'DELIVERED':
    case 'READ':
    case 'PLAYED':
      throw new DomainError('too_late', `The message is ${state}: there is nothing to retry.`);
  }
}

/** The failed message is the key: one retry for each, however often it is asked for. */
async function sendAgain(
  {
    message,
    instance,
    times,
  }: { message: Message; instance: Instance; times: Pick<Message, 'sendAt' | 'validUntil'> },
  deps: Deps,
): Promise<Message> {
  const { messageId, instanceId, chatId, content } = message;
  // Customers' keys are hashes without a prefix: no key of theirs can be this one.
  const call = { instanceId, keyHash: `retry-${messageId}`, fingerprint: messageId };
  const drafts = [{ chatId, content, retryOf: messageId }];
  const [known] = (await findFirstCall(call, deps)) ?? [];
  if (known) return known;
  await requireQuota(instance.accountId, drafts.length, deps);
  const first =
    (await acceptAndRing(instance, { drafts, times, call }, deps)) ??
    (await findFirstCall(call, deps));
  const [repeat] = first ?? [];
  if (repeat === undefined) throw new Error('The retry of a message is not there.');
  return repeat;
}
