import type { CommandAnswer, CommandRequest } from '#shared/domain/command.ts';
import type { ApiUnderTest } from './api-under-test.ts';
import { type OwnedInstance, recordOf } from './callers.ts';
import { nextDoorbell } from './next-doorbell.ts';

/** Answers the next command of the instance, as its session does; tells what was asked for. */
export async function answerCommand(
  api: ApiUnderTest,
  instance: OwnedInstance,
  answer: CommandAnswer,
): Promise<CommandRequest> {
  for (;;) {
    const doorbell = await nextDoorbell(api, await recordOf(api, instance));
    if (doorbell === undefined) throw new Error('Nobody has asked for anything.');
    if (doorbell.kind !== 'command') continue;
    const command = await api.deps.commands.get(instance.id, doorbell.commandId);
    await api.deps.commands.answer(instance.id, doorbell.commandId, answer);
    if (command) return command.request;
  }
}
