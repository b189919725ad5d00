import type { Message } from './message.ts';
import type { ReceivedMessage } from './received-message.ts';

/** WhatsApp's apps take no edit of a message that is older. */
const EDIT_WITHIN_MS = 15 * 60_000;
/** Nor a deletion: two days and twelve hours. */
const DELETE_WITHIN_MS = 60 * 3_600_000;

type Target =
  | { readonly kind: 'own'; readonly message: Message }
  | { readonly kind: 'received'; readonly message: ReceivedMessage };

export type AmendDecision =
  | { readonly kind: 'accept' }
  | { readonly kind: 'refuse'; readonly reason: string };

/** Whether the text of a message can still be another one. */
export function decideEdit(target: Target, now: Date): AmendDecision {
  if (target.kind === 'received' && !target.message.fromMe) {
    return refuse('Only messages of the instance itself can be edited.');
  }
  if (target.kind === 'own' && target.message.content.kind !== 'text') {
    return refuse('Only texts can be edited.');
  }
  return decideAge(target, now, EDIT_WITHIN_MS);
}

/** Whether a message can still be taken back. */
export function decideDeletion(target: Target, now: Date): AmendDecision {
  const { message } = target;
  const isOthers = target.kind === 'received' && !target.message.fromMe;
  if (isOthers && !message.chatId.endsWith('@g.us')) {
    return refuse('Messages of others can be deleted for everyone in groups alone, by an admin.');
  }
  return decideAge(target, now, DELETE_WITHIN_MS);
}

function decideAge(target: Target, now: Date, withinMs: number): AmendDecision {
  const state = target.kind === 'own' ? target.message.state : 'SENT';
  switch (state) {
    case 'FAILED':
    case 'EXPIRED':
    case 'CANCELED':
      return refuse('The message was never sent.');
    // Later messages of a chat go out after it.
    case 'QUEUED':
    case 'SENDING':
      return { kind: 'accept' };
    case 'SENT':
    case 'DELIVERED':
    case 'READ':
    case 'PLAYED':
      return now.getTime() - sentAtOf(target) <= withinMs
        ? { kind: 'accept' }
        : refuse('The message is too old: WhatsApp would not change it any more.');
  }
}

function sentAtOf({ kind, message }: Target): number {
  const at = kind === 'own' ? (message.sentAt ?? message.queuedAt) : message.at;
  return new Date(at).getTime();
}

function refuse(reason: string): AmendDecision {
  return { kind: 'refuse', reason };
}
