import { type Instance, trueStatus } from '#shared/domain/instance.ts';
import type { Deps } from '../deps.ts';

type Needs = Pick<Deps, 'runners' | 'now'>;

/** The instances with the status that is true now; each runner is looked at once. */
export async function seeStatuses(
  instances: readonly Instance[],
  { runners, now }: Needs,
): Promise<Instance[]> {
  const at = now();
  const runnerIds = new Set(instances.flatMap(({ runnerId }) => runnerId ?? []));
  const alive = new Map(
    await Promise.all(
      [...runnerIds].map(async (id) => [id, await runners.isAlive(id, at)] as const),
    ),
  );
  return instances.map((instance) => {
    const isRunnerAlive = alive.get(instance.runnerId ?? '') ?? false;
    return { ...instance, status: trueStatus(instance, isRunnerAlive) };
  });
}

export async function seeStatus(instance: Instance, deps: Needs): Promise<Instance> {
  const [seen] = await seeStatuses([instance], deps);
  return seen ?? instance;
}
