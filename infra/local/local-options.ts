import { MESSAGES_PER_MINUTE_DEFAULT } from '#shared/contracts/environment.ts';
import type { LocalEnv } from './env.ts';

export type LocalOptions = LocalEnv & {
  /** Speaks to the real WhatsApp instead of the simulated one. */
  readonly isLive: boolean;
};

/** Whether webhooks may go to this machine: by default in the sandbox alone. */
export function allowPrivateUrls({ ALLOW_PRIVATE_URLS, isLive }: LocalOptions): boolean {
  return ALLOW_PRIVATE_URLS ?? !isLive;
}

/** Whether sessions send at a pace where nobody says otherwise: by default in live use alone. */
export function paceByDefault({ PACE, isLive }: LocalOptions): boolean {
  return PACE ?? isLive;
}

/** How many messages of one account are accepted in a minute: by default all of them in the sandbox. */
export function messagesPerMinute({ MESSAGES_PER_MINUTE, isLive }: LocalOptions): number {
  return MESSAGES_PER_MINUTE ?? (isLive ? MESSAGES_PER_MINUTE_DEFAULT : 0);
}
