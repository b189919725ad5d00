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

/**
 * A process of the tree. It says `{ ready: true, … }` over its channel when it is up, and is started again
 * whenever it ends by itself.
 */
export class Child<Ready> {
  readonly #options: ChildOptions;
  readonly #parseReady: (message: unknown) => Ready | undefined;
  #process: ChildProcess | undefined;
  #isStopping = false;

  constructor(options: ChildOptions, parseReady: (message: unknown) => Ready | undefined) {
    this.#options = options;
    this.#parseReady = parseReady;
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
      const parsed = this.#parseReady(message);
      if (parsed !== undefined) ready.resolve(parsed);
    });
    child.once('exit', (code, signal) => {
      ready.reject(new Error(`${name} ended (${signal ?? code}) before it was ready.`));
    });
    const answer = await ready.promise;
    child.once('exit', (code, signal) => void this.#restart(signal ?? String(code)));
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

  async #restart(why: string): Promise<void> {
    const { name, log } = this.#options;
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
