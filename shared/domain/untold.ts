import * as z from 'zod';
import { Ulid } from './identifier.ts';
import { MessageState } from './message.ts';

/**
 * Something has changed of which no event tells yet. It is noted in the transaction that makes the change, and the note
 * is taken away in the one that records the event: whoever holds the instance's shard tells what is left.
 */
export const Untold = z.discriminatedUnion('kind', [
  /** A message of ours has come to this state. */
  z.strictObject({ kind: z.literal('message'), messageId: Ulid, state: MessageState }),
  /** A webhook gets nothing more. */
  z.strictObject({
    kind: z.literal('webhook_disabled'),
    endpointId: z.string(),
    url: z.string(),
    reason: z.string(),
    at: z.iso.datetime(),
  }),
  /** A webhook is gone. No event tells of it, but what waits for it comes to nothing. */
  z.strictObject({ kind: z.literal('webhook_deleted'), endpointId: z.string() }),
]);
export type Untold = z.infer<typeof Untold>;

/** Its place among the notes of an instance: the states of a message are in the order in which it comes to them. */
export function untoldKeyOf(note: Untold): string {
  switch (note.kind) {
    case 'message':
      return `MESSAGE#${note.messageId}#${MessageState.options.indexOf(note.state)}`;
    case 'webhook_disabled':
      return `WEBHOOK#${note.endpointId}#${note.at}`;
    case 'webhook_deleted':
      return `WEBHOOK#${note.endpointId}`;
  }
}
