import * as z from 'zod';
import { runnerIdOf } from '#shared/contracts/ecs-task.ts';
import { type Deps, getDeps } from './deps.ts';

/**
 * What EventBridge tells of an ECS task, among much else.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
const TaskStateChange = z.object({
  'detail-type': z.literal('ECS Task State Change'),
  detail: z.object({ taskArn: z.string().min(1), lastStatus: z.string() }),
});

/**
 * Declares a runner dead as soon as ECS says that its task has stopped: its process is gone, so nobody need wait for
 * its silence. A runner that has drained took its record away, and one that is dead already stays so. Throws when the
 * event or the table is at fault: Lambda tries again.
 */
export function makeHandler(find: () => Deps): (event: unknown) => Promise<void> {
  return async (event) => {
    const { runners, metrics, logger, now } = find();
    const { taskArn, lastStatus } = TaskStateChange.parse(event).detail;
    if (lastStatus !== 'STOPPED') return;
    const runnerId = runnerIdOf(taskArn);
    const wasAlive = await runners.markDead(runnerId, { at: now() });
    if (!wasAlive) return;
    logger.warn({ runnerId }, 'A runner ended without a farewell; it is declared dead.');
    metrics.add('RunnersDied', 1);
    metrics.flush();
  };
}

export const handler = makeHandler(getDeps);
