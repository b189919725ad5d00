import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { until } from '../../infra/local/until.ts';
import { freePort } from './harness/free-port.ts';
import { openRunLog } from './run-folder.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

export type ContainerOptions = {
  readonly command: readonly [string, ...string[]];
  readonly healthCommand: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** The project itself by default. */
  readonly workDir?: string;
  /** Whom it runs as; as this process does by default. */
  readonly user?: { readonly uid: number; readonly gid: number };
};

export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** What a container would be: a process with its environment and its health check. */
export class RunnerProcess {
  readonly #options: ContainerOptions;
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ending>;

  private constructor(options: ContainerOptions, child: ChildProcess) {
    this.#options = options;
    this.#child = child;
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  }

  /** Starts it with a port of its own for its health, and resolves when its health check has passed. */
  static async start(options: ContainerOptions): Promise<RunnerProcess> {
    const env = { ...options.env, HEALTH_PORT: String(await freePort()) };
    const { command, workDir = ROOT, user } = options;
    const [file, ...args] = command;
    const log = await openRunLog('runner');
    const stdio: ['ignore', number, number] = ['ignore', log.fd, log.fd];
    const runner = new RunnerProcess(
      { ...options, env },
      spawn(file, args, { cwd: workDir, env, stdio, ...user }),
    );
    await log.close();
    await until('the runner to be healthy', async () => {
      if (!runner.isRunning) throw new Error('The runner has ended: its log says why.');
      return (await runner.isHealthy()) || undefined;
    });
    return runner;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Runs the container's health check, as ECS and Docker do. */
  async isHealthy(): Promise<boolean> {
    const { healthCommand, env, workDir = ROOT, user } = this.#options;
    const [file, ...args] = healthCommand;
    return await promisify(execFile)(file, args, { cwd: workDir, env, ...user }).then(
      () => true,
      () => false,
    );
  }

  /** As ECS stops a task. Resolves with how it ended. */
  async stop(): Promise<Ending> {
    this.#child.kill('SIGTERM');
    return await this.#ended;
  }

  /** As a host that is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
