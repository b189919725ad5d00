import { SendRefused } from '../session/outgoing-message.ts';

/**
 * WhatsApp's answers to who asks for a group before writing to it: 403 when the number is not in it, 404 when it is
 * not there (whatsmeow, group.go: ErrNotInGroup, ErrGroupNotFound).
 */
const REFUSALS: ReadonlySet<unknown> = new Set([403, 404]);

/**
 * The refusal, when a send to a group failed by one; else the error as it is. Baileys has WhatsApp's code in a Boom's
 * `data` (WABinary/generic-utils.js, assertNodeErrorFree).
 */
export function asGroupRefusal(error: unknown): unknown {
  if (!(error instanceof Error && 'data' in error && REFUSALS.has(error.data))) return error;
  const words = 'The group is not there, or the number is not in it.';
  return new SendRefused('not_in_group', words, { cause: error });
}
