import * as z from 'zod';
import type { Instance } from '#shared/domain/instance.ts';
import { listInText } from '#shared/domain/list-in-text.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { noContent } from '../http/reply.ts';
import { validationFailed } from '../http/validate.ts';
import { type CommandNeeds, runCommand } from '../run-command.ts';
import { findTarget } from './find-target.ts';

const IDS_MAX = 50;

/** One id, or a list of them, each with the path by which a fault is told. */
const Body = z.object({
  messageId: z.preprocess(
    listInText,
    z.union(
      [
        z.string().transform((id) => [{ id, path: 'messageId' }]),
        z
          .array(z.string())
          .min(1)
          .max(IDS_MAX)
          .transform((ids) => ids.map((id, index) => ({ id, path: `messageId.${index}` }))),
      ],
      'must be the id of a message, or a list of ids',
    ),
  ),
});

type Needs = CommandNeeds & Pick<Deps, 'messages' | 'received'>;

/** Tells the senders that their messages were read. */
export const markRead = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, body }, deps: Needs) {
    const messages = await Promise.all(body.messageId.map((named) => toKey(instance, named, deps)));
    await runCommand(instance, { kind: 'mark_read', messages }, deps);
    return noContent();
  },
});

async function toKey(instance: Instance, { id, path }: { id: string; path: string }, deps: Needs) {
  const found = await findTarget(instance, { id, path }, deps);
  if (found.kind === 'own' || found.message.fromMe) {
    throw validationFailed([{ path, message: 'must be a message of somebody else' }]);
  }
  const { waId, remoteJid, participant } = found.message;
  return { waId, remoteJid, ...(participant !== undefined && { participant }) };
}
