import type { InstanceStatus } from '#shared/domain/instance.ts';
import { LOGIN_GAP_MS } from './login-pacer.ts';

/** What works on a shard while its lease is held. */
export type ShardWork = {
  /** Resolves, with every session closed, when the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  readonly sessionCount: number;
  /** Of the sessions, those that wait for their turn to log in. */
  readonly waitingCount: number;
  /** Of each of its instances. */
  statuses(): readonly InstanceStatus[];
};

type Sessions = Pick<ShardWork, 'sessionCount' | 'waitingCount'>;

/** Whether none of its sessions has begun to log in. */
export function isUntouched({ sessionCount, waitingCount }: Sessions): boolean {
  return sessionCount > 0 && sessionCount === waitingCount;
}

/** How long the next owner needs to bring up what was up here. */
export function loginsMsOf({ sessionCount, waitingCount }: Sessions): number {
  return (sessionCount - waitingCount) * LOGIN_GAP_MS;
}
