import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import process from 'node:process';

/** A group that is told to end and does not is killed. */
const STOP_TIMEOUT_MS = 10_000;

export type GroupOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Where its output goes: a file, or this process's own. */
  readonly output: { readonly logPath: string } | 'inherit';
};

/** A process with all that it starts: they end together, at the latest with this process. */
export class ProcessGroup {
  /** The exit code; `null` when a signal ended it. Rejects when it could not be started. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
    const kill = () => this.#signal('SIGKILL');
    process.once('exit', kill);
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    // Whoever waits for the end hears of the error; a group nobody waits for must not end the process with it.
    this.ended.catch(() => undefined).finally(() => process.off('exit', kill));
  }

  static start(
    [file, ...args]: readonly [string, ...string[]],
    options: GroupOptions,
  ): ProcessGroup {
    const { env, cwd, output } = options;
    const fd = output === 'inherit' ? undefined : openSync(output.logPath, 'a');
    try {
      const stdio = fd ?? 'inherit';
      return new ProcessGroup(
        spawn(file, args, { env, cwd, detached: true, stdio: ['ignore', stdio, stdio] }),
      );
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  get isRunning(): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** Asks all of them to end, and resolves when the first of them has and the others are gone. */
  async stop(): Promise<void> {
    if (this.isRunning) {
      this.#signal('SIGTERM');
      const patience = setTimeout(() => this.#signal('SIGKILL'), STOP_TIMEOUT_MS);
      await this.ended.catch(() => undefined);
      clearTimeout(patience);
    }
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // Nobody is left in the group.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}
