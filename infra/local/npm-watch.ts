import { spawnSync } from 'node:child_process';
import { isRunByNpm } from './env.ts';

const LOOK_EVERY_MS = 250;

/**
 * Calls back when the npm that runs this script is gone: a `kill -9` of npm reaches neither its shell nor us, and
 * what nobody can stop any more would keep the ports.
 */
export function whenNpmIsGone(callback: () => void): void {
  const npm = isRunByNpm() ? findNpm() : undefined;
  if (npm === undefined) return;
  const watch = setInterval(() => {
    if (isAlive(npm)) return;
    clearInterval(watch);
    callback();
  }, LOOK_EVERY_MS).unref();
}

/** Our parent, or the parent of the shell between npm and us. `undefined` where there is no `ps`. */
function findNpm(): number | undefined {
  const { ppid } = process;
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(ppid)], {
    encoding: 'utf8',
  });
  const [, grandparent, command] = /^\s*(\d+)\s+(.*?)\s*$/.exec(stdout ?? '') ?? [];
  if (command === undefined) return undefined;
  return command.endsWith('sh') ? Number(grandparent) : ppid;
}

/** Signal 0 only asks (kill(2)). */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
