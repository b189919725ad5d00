import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosSystem } from './chaos-system.ts';

const LOOK_EVERY_MS = 2_000;
const KIB_PER_MIB = 1_024;

/** The most memory that each runner was seen to hold, in MiB, until the signal aborts. */
export async function watchMemory(
  { places }: ChaosSystem,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const most = new Map<string, number>();
  while (!signal.aborted) {
    for (const { process } of places) {
      const mib = process.pid === undefined ? 0 : await residentMib(process.pid);
      most.set(process.name, Math.max(mib, most.get(process.name) ?? 0));
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return most;
}

/** 0 for a process that is gone. See proc_pid_status(5). */
async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / KIB_PER_MIB);
}

/** `gone`, or how a process that is there is: `zombie`, `running`. */
export async function processState(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (status === undefined) return 'gone';
  return /^State:\s+\S+\s+\((.+)\)$/m.exec(status)?.[1] ?? 'there';
}
