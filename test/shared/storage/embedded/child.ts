import { fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Child = {
  /** Resolves when the process is gone, with what ended it. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends it a message, whatever it says. */
  go(): void;
  /** SIGKILL: no handler runs. */
  kill(): void;
};

/** Runs a fixture in a process of its own, on plain Node, and hands over what it reports. */
export function startChild(
  fixture: string,
  args: readonly string[],
  onReport: (report: unknown) => void,
): Child {
  const path = fileURLToPath(new URL(`./fixtures/${fixture}.ts`, import.meta.url));
  const child = fork(path, args, { execArgv: [] });
  child.on('message', (report: Serializable) => onReport(report));
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return { ended, go: () => void child.send('go'), kill: () => void child.kill('SIGKILL') };
}
