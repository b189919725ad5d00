import type { CommandAnswer, CommandRequest } from '#shared/domain/command.ts';
import { DomainError } from '#shared/domain/error.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Deps } from './deps.ts';
import { ringInstance } from './ring-instance.ts';

const LOOK_EVERY_MS = 100;
/** Below API Gateway's 30 s, so that the caller gets our answer and not the gateway's. */
const ANSWER_TIMEOUT_MS = 20_000;

export type CommandNeeds = Pick<
  Deps,
  'commands' | 'logger' | 'newUlid' | 'now' | 'ringDoorbell' | 'sleep'
>;

/**
 * Has the instance's session do something at once. Throws `not_connected` when it is not up, and `runner_timeout`
 * when there was no answer: then it may have been done or not.
 */
export async function runCommand(
  instance: Instance,
  request: CommandRequest,
  deps: CommandNeeds,
): Promise<Exclude<CommandAnswer, { kind: 'refused' }>> {
  if (instance.status !== 'CONNECTED') throw notConnected('The instance is not connected.');
  const { instanceId } = instance;
  const commandId = deps.newUlid();
  await deps.commands.ask(instanceId, { commandId, request }, deps.now());
  await ringInstance(instance, { kind: 'command', dedupId: commandId, commandId }, deps);
  for (let waitedMs = 0; waitedMs < ANSWER_TIMEOUT_MS; waitedMs += LOOK_EVERY_MS) {
    const answer = (await deps.commands.get(instanceId, commandId))?.answer;
    if (answer?.kind === 'refused') throw notConnected(answer.reason);
    if (answer) return answer;
    await deps.sleep(LOOK_EVERY_MS);
  }
  throw new DomainError('runner_timeout', 'There was no answer in time. Try again.');
}

function notConnected(reason: string): DomainError {
  return new DomainError('not_connected', reason);
}
