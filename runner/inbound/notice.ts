import type { Recipient } from '#shared/domain/recipient.ts';
import type { Restriction } from '../webhooks/restriction.ts';
import type { Person } from './inbound-message.ts';

/** open-wa's names of what becomes of a call. */
export type CallState =
  | 'INCOMING_RING'
  | 'CONNECTING'
  | 'ACTIVE'
  | 'REJECTED'
  | 'NOT_ANSWERED'
  | 'ENDED';

/** What can be changed of a group. */
export type GroupField =
  | 'subject'
  | 'description'
  | 'picture'
  | 'announce'
  | 'restrict'
  | 'invite'
  | 'ephemeral'
  | 'member_add_mode'
  | 'membership_approval_mode';

/** `group` is its address, `by` who did it, where WhatsApp says so. */
type InGroup = { readonly group: string; readonly by?: Person };

type What =
  | (InGroup & {
      readonly kind: 'participants';
      readonly action: 'add' | 'remove' | 'promote' | 'demote';
      readonly who: readonly Person[];
      readonly includesUs: boolean;
    })
  /** Somebody has made a group with us, or taken us into one. */
  | (InGroup & { readonly kind: 'group_joined'; readonly subject: string })
  | (InGroup & {
      readonly kind: 'group_change';
      readonly field: GroupField;
      /** `null` for what was taken away. */
      readonly value: string | number | boolean | null;
    })
  | (InGroup & {
      readonly kind: 'join_request';
      readonly action: 'created' | 'revoked';
      readonly method: string | null;
      readonly who: readonly Person[];
    })
  | {
      readonly kind: 'call';
      readonly callId: string;
      readonly from: Person;
      readonly group?: string;
      readonly isVideo: boolean;
      readonly state: CallState;
      readonly backlog: boolean;
    }
  | {
      readonly kind: 'chat_state';
      readonly chat: Recipient;
      readonly user: Person;
      readonly state: 'composing' | 'recording' | 'paused';
    }
  | { readonly kind: 'chat_deleted'; readonly chat: Recipient }
  | { readonly kind: 'contact'; readonly person: Person }
  | {
      readonly kind: 'label';
      readonly action: 'edit' | 'delete' | 'add' | 'remove';
      readonly labelId: string;
      readonly name?: string;
      /** What it was put on, or taken from. */
      readonly item?: { readonly chat: Recipient; readonly waId?: string };
    }
  | { readonly kind: 'restriction'; readonly restriction: Restriction };

/**
 * What WhatsApp tells beside messages. No inbox keeps it: when a runner is killed in that moment, it is lost. `key` is
 * the same when it is told again.
 */
export type Notice = { readonly key: string; readonly at: Date } & What;
