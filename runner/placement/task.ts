import type { Logger } from 'pino';
import * as z from 'zod';
import { runnerIdOf } from '#shared/contracts/ecs-task.ts';

/** The metadata endpoint is on the same host. */
const METADATA_TIMEOUT_MS = 2_000;
const TRIES_MAX = 3;
const RETRY_DELAY_MS = 500;

/**
 * What ECS says of the task, among much else.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html
 */
const TaskMetadata = z.object({
  TaskARN: z.string().regex(/^arn:[^/]+:task\/.*[^/]$/),
  Family: z.string().min(1),
  Revision: z.string().min(1),
});

/** The ECS task that a runner is. */
export type Task = { readonly runnerId: string; readonly version: string };

export type TaskDeps = {
  readonly sleep: (delayMs: number) => Promise<void>;
  readonly log: Logger;
};

/**
 * Asks ECS which task this is, at `ECS_CONTAINER_METADATA_URI_V4`. `undefined` when it does not say: then the runner
 * works as one outside ECS, and only its death is noticed later.
 */
export async function readTask(
  metadataUri: string,
  { sleep, log }: TaskDeps,
): Promise<Task | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      const signal = AbortSignal.timeout(METADATA_TIMEOUT_MS);
      const response = await fetch(`${metadataUri}/task`, { signal });
      if (!response.ok) throw new Error(`The metadata endpoint answered ${response.status}.`);
      const { TaskARN, Family, Revision } = TaskMetadata.parse(await response.json());
      return { runnerId: runnerIdOf(TaskARN), version: `${Family}:${Revision}` };
    } catch (err) {
      log.error({ err, tries }, 'ECS did not say which task this is.');
      if (tries >= TRIES_MAX) return undefined;
      await sleep(RETRY_DELAY_MS);
    }
  }
}
