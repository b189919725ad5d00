import { type ChildProcess, fork } from 'node:child_process';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const RESTART_DELAY_MS = 500;
const READY_TIMEOUT_MS = 60_000;
/** One that does not get up again and again is broken, and no fault of ours. */
const FAILED_STARTS_MAX = 5;

export type ProcessOptions<Ready> = {
  readonly name: string;
  readonly modulePath: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whatever it prints is added to this file. */
  readonly logPath: string;
  /** What it said when it was up; `undefined` for any other message. */
  readonly parseReady: (message: unknown) => Ready | undefined;
};

/** How a run of it ended: by itself, with a code, or by a signal. */
type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

type Run<Ready> = { readonly child: ChildProcess; readonly ready: Ready };

/** A process that is killed and stopped by us, and started again as a supervisor would: a new run, with a new id. */
export class SupervisedProcess<Ready> {
  readonly name: string;
  /** Of all its runs. */
  readonly pids: number[] = [];
  readonly ends: End[] = [];
  readonly #options: ProcessOptions<Ready>;
  #run: Run<Ready> | undefined;
  #restarting: Promise<void> = Promise.resolve();
  #isStopping = false;

  private constructor(options: ProcessOptions<Ready>) {
    this.#options = options;
    this.name = options.name;
  }

  /** Resolves when it is up. */
  static async start<Ready>(options: ProcessOptions<Ready>): Promise<SupervisedProcess<Ready>> {
    const started = new SupervisedProcess(options);
    started.#run = await started.#begin();
    return started;
  }

  /** What the run that is up said of itself; `undefined` between two runs. */
  get ready(): Ready | undefined {
    return this.#run?.ready;
  }

  /** Of the run that is up. */
  get pid(): number | undefined {
    return this.#run?.child.pid;
  }

  /** `kill -9`. Resolves when it has ended; the next run begins by itself. */
  async kill(): Promise<void> {
    const child = this.#run?.child;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Tells it to end, within the time, and answers its exit code; `null` when it had to be killed. */
  async stop({ withinMs }: { withinMs: number }): Promise<number | null> {
    this.#isStopping = true;
    await this.#restarting;
    const child = this.#run?.child;
    if (child === undefined) return null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), withinMs);
    const code = await ended;
    clearTimeout(patience);
    return code;
  }

  async #begin(): Promise<Run<Ready>> {
    const { name, modulePath, env, logPath, parseReady } = this.#options;
    const file = await open(logPath, 'a');
    const child = fork(modulePath, { env, stdio: ['ignore', file.fd, file.fd, 'ipc'] });
    // One that is stopped in its tracks would not notice that we are gone.
    const endWithUs = () => void child.kill('SIGKILL');
    process.once('exit', endWithUs);
    child.once('exit', () => process.off('exit', endWithUs));
    await file.close();
    if (child.pid !== undefined) this.pids.push(child.pid);
    const timeout = setTimeout(() => child.kill('SIGKILL'), READY_TIMEOUT_MS);
    try {
      const ready = await new Promise<Ready>((resolve, reject) => {
        child.on('message', (message) => {
          const parsed = parseReady(message);
          if (parsed !== undefined) resolve(parsed);
        });
        child.once('exit', (code, signal) => {
          reject(new Error(`${name} ended (${signal ?? code}) before it was up; see ${logPath}.`));
        });
      });
      child.once('exit', (code, signal) => this.#ended({ code, signal }));
      return { child, ready };
    } finally {
      clearTimeout(timeout);
    }
  }

  #ended(end: End): void {
    this.ends.push(end);
    this.#run = undefined;
    if (!this.#isStopping) this.#restarting = this.#restart();
  }

  async #restart(): Promise<void> {
    for (let tries = 1; !this.#isStopping; tries += 1) {
      await sleep(RESTART_DELAY_MS);
      if (this.#isStopping) return;
      try {
        this.#run = await this.#begin();
        return;
      } catch (error) {
        if (tries === FAILED_STARTS_MAX) throw error;
      }
    }
  }
}
