import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '#shared/log/create-logger.ts';

const RESTART_DELAY_MS = 500;
const READY_TIMEOUT_MS = 30_000;
/** A child that is told to end and does not is killed. */
const STOP_TIMEOUT_MS = 15_000;

export type ChildOptions = {
  readonly name: string;
  readonly modulePath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
};

type Hooks<Ready> = {
  /** What the child said when it was up; `undefined` for any other message. */
  readonly parseReady: (message: unknown) => Ready | undefined;
  /** It has ended by itself; called before it is started again. */
  readonly onEnded?: (ready: Ready) => Promise<void>;
};

/**
 * A process of the tree. It says `{ ready: true, … }` over its channel when it is up, and is started again
 * whenever it ends by itself.
 */
export class Child<Ready> {
  readonly #options: ChildOptions;
  readonly #hooks: Hooks<Ready>;
  #process: ChildProcess | undefined;
  #ready: Ready | undefined;
  #isStopping = false;

  constructor(options: ChildOptions, hooks: Hooks<Ready>) {
    this.#options = options;
    this.#hooks = hooks;
  }

  /** What it said when it was up; `undefined` while it is not. */
  get ready(): Ready | undefined {
    return this.#ready;
  }

  /** Of the process that was started last. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves with what the child said when it was up. Rejects when it ends before that. */
  async start(): Promise<Ready> {
    const { modulePath, env, name } = this.#options;
    const child = fork(modulePath, { env, stdio: 'inherit' });
    this.#process = child;
    const ready = Promise.withResolvers<Ready>();
    const timeout = AbortSignal.timeout(READY_TIMEOUT_MS);
    timeout.addEventListener('abort', () => ready.reject(new Error(`${name} did not get ready.`)));
    child.on('message', (message) => {
      const parsed = this.#hooks.parseReady(message);
      if (parsed !== undefined) ready.resolve(parsed);
    });
    child.once('exit', (code, signal) => {
      ready.reject(new Error(`${name} ended (${signal ?? code}) before it was ready.`));
    });
    const answer = await ready.promise;
    this.#ready = answer;
    child.once('exit', (code, signal) => void this.#restart(answer, signal ?? String(code)));
    return answer;
  }

  /** Asks it to end, and resolves when it has. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(patience);
  }

  async #restart(ready: Ready, why: string): Promise<void> {
    const { name, log } = this.#options;
    this.#ready = undefined;
    await this.#hooks.onEnded?.(ready).catch((err: unknown) => {
      log.error({ err, child: name }, 'The end of a process could not be noted.');
    });
    while (!this.#isStopping) {
      log.warn({ child: name, why }, 'A process has ended; it is started again.');
      await sleep(RESTART_DELAY_MS);
      if (this.#isStopping) return;
      try {
        await this.start();
        return;
      } catch (err) {
        log.error({ err, child: name }, 'A process could not be started again.');
      }
    }
  }
}
