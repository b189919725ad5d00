import * as z from 'zod';
import { defineRoute } from '../http/define-route.ts';
import { noContent } from '../http/reply.ts';
import { type CommandNeeds, runCommand } from '../run-command.ts';
import { ChatIdField } from './message-fields.ts';

const Body = z.object({
  chatId: ChatIdField,
  presence: z.enum(['composing', 'recording', 'paused'], 'must be composing, recording or paused'),
});

/** Shows the people in a chat that something is being written or recorded, or no more. */
export const showPresence = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, body }, deps: CommandNeeds) {
    await runCommand(instance, { kind: 'show_presence', ...body }, deps);
    return noContent();
  },
});
