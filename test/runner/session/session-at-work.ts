import type { SessionDeps } from '#runner/session/session.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { until } from '../../until.ts';
import { openSessionHome } from './session-home.ts';

/** One session, to be run and stopped. */
export async function sessionAtWork(
  changes: { instance?: Partial<Instance>; deps?: Partial<SessionDeps> } = {},
) {
  const home = await openSessionHome(changes.instance);
  const { session } = home.makeSession(home.instance, changes.deps);
  const stop = new AbortController();
  return {
    ...home,
    session,
    stop,
    run: () => session.run(stop.signal),
    /** Waits until the session sleeps before its next connection, and tells how long. */
    async asleep(): Promise<number | undefined> {
      await until('the session sleeps', () => home.sleep.asleep.length > 0);
      return home.sleep.asleep[0];
    },
    /** Every change of status that the webhook heard of, in order. */
    statuses: () =>
      home.recorded.filter(({ event }) => event === 'onStateChanged').map(({ data }) => data),
  };
}
