import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type GroupOptions, ProcessGroup } from './process-group.ts';

/** How much of a log is shown when its command failed. */
const SHOWN_CHARACTERS_MAX = 6_000;

export type CommandOptions = GroupOptions & {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** Runs a command to its end. Throws with the end of its log when it fails, takes too long or is aborted. */
export async function runCommand(
  command: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<void> {
  const code = await exitCodeOf(command, options);
  if (code === 0) return;
  throw new Error(`${describe(command)} ended with ${code}.\n${await endOfLog(options)}`);
}

/** The exit code of a command. Throws when it takes too long, is aborted or cannot be started. */
export async function exitCodeOf(
  command: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<number | null> {
  const { timeoutMs, signal } = options;
  signal.throwIfAborted();
  const group = ProcessGroup.start(command, options);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const aborted = new Promise<'aborted'>((resolve) => {
    limit.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
  const outcome = await Promise.race([group.ended, aborted]);
  await group.stop();
  if (outcome !== 'aborted') return outcome;
  signal.throwIfAborted();
  const log = await endOfLog(options);
  throw new Error(`${describe(command)} took longer than ${timeoutMs / 1000} s.\n${log}`);
}

/** What was written last into a log file. */
export async function endOfLog({ output }: Pick<GroupOptions, 'output'>): Promise<string> {
  if (output === 'inherit') return '';
  const log = await readFile(output.logPath, 'utf8').catch(() => '');
  return log.slice(-SHOWN_CHARACTERS_MAX);
}

function describe([file, ...args]: readonly [string, ...string[]]): string {
  return [basename(file), ...args].join(' ');
}
