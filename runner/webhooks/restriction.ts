import type { InstanceStatus } from '#shared/domain/instance.ts';
import type { MessageFailure } from '#shared/domain/message.ts';

/** What WhatsApp, or our own care, does not let an instance do: the data of `onRestriction`. */
export type Restriction = {
  readonly code: string;
  readonly message: string;
  /** When it ends, where WhatsApp says so. */
  readonly until: string | null;
};

/** A chat that may not be begun is refused once for each message: one event an hour tells as much. */
const REFUSALS_AS_ONE_MS = 3_600_000;
/** WhatsApp's codes by which it refuses not this message but the sender (Baileys' NACK_REASONS, SenderReachoutTimelocked). */
const OF_THE_SENDER: ReadonlySet<string> = new Set(['463']);

/** `undefined` for a status that restricts nothing. */
export function restrictionOf(status: InstanceStatus): Restriction | undefined {
  switch (status) {
    case 'FORBIDDEN':
      return restriction(status, 'WhatsApp refuses the number: it may be banned.');
    case 'QUARANTINED':
      return restriction(status, 'The session was damaged, and waits for the operator.');
    case 'CONFLICT':
      return restriction(status, 'Another client uses the keys of this session.');
    case 'CREATED':
    case 'CONNECTING':
    case 'SCAN_QR':
    case 'CONNECTED':
    case 'DISCONNECTED':
    case 'LOGGED_OUT':
      return undefined;
  }
}

/** `undefined` for a failure that is the message's own. `key` is the same for the refusals of one hour. */
export function refusalOf(
  failure: MessageFailure | undefined,
  at: Date,
): { readonly key: string; readonly data: Restriction } | undefined {
  if (failure === undefined || !OF_THE_SENDER.has(failure.code)) return undefined;
  const hour = Math.floor(at.getTime() / REFUSALS_AS_ONE_MS);
  return { key: `${failure.code}|${hour}`, data: restriction(failure.code, failure.message) };
}

function restriction(code: string, message: string): Restriction {
  return { code, message, until: null };
}
