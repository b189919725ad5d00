import type { Logger } from '#shared/log/create-logger.ts';
import type { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { type RunnerChildOptions, runnerChild } from './children.ts';

export type RunnersDeps = {
  readonly runners: Pick<RunnerRepository, 'markDead' | 'startDraining'>;
  readonly log: Logger;
};

export type Runners = {
  /** Ends all of them side by side: none takes a shard from another that stops too. */
  stop(): Promise<void>;
};

/** The runners of one machine, as many as `RUNNERS` says: each is started again by itself when it ends. */
export async function startRunners(
  options: Omit<RunnerChildOptions, 'onEnded' | 'name'>,
  { runners, log }: RunnersDeps,
): Promise<Runners> {
  // Its process has ended, so the others need not wait for its silence.
  const onEnded = async (runnerId: string) => {
    await runners.markDead(runnerId, { at: new Date() });
  };
  const children = Array.from({ length: options.RUNNERS }, (_, index) => {
    const name = options.RUNNERS === 1 ? 'runner' : `runner ${index + 1}`;
    return runnerChild({ ...options, name, onEnded }, log);
  });
  await Promise.all(children.map((child) => child.start()));
  return {
    stop: async () => {
      await Promise.all(children.map(({ ready }) => announceDrain(ready?.runnerId)));
      await Promise.all(children.map((child) => child.stop()));
    },
  };

  async function announceDrain(runnerId: string | undefined): Promise<void> {
    if (runnerId === undefined) return;
    await runners.startDraining(runnerId).catch((err: unknown) => {
      // It does so itself when it is told to end.
      log.error({ err }, 'The drain of a runner could not be announced.');
    });
  }
}
