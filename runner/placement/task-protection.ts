import type { Logger } from 'pino';
import * as z from 'zod';

/** ECS lets a protection lapse by itself, so that a runner that hangs does not keep its task for ever. */
const EXPIRES_MIN = 120;
const REFRESH_EVERY_MS = 60 * 60_000;
const LOOK_EVERY_MS = 1_000;
/** After an agent's fault. */
const RETRY_DELAY_MS = 30_000;
/** The agent is on the same host, but asks the ECS API. */
const AGENT_TIMEOUT_MS = 5_000;

/**
 * The agent's answer: the protection, or why there is none.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
const AgentAnswer = z.object({
  protection: z.object({ ProtectionEnabled: z.boolean() }).optional(),
  failure: z.object({ Reason: z.string() }).optional(),
  error: z.object({ Code: z.string() }).optional(),
});

export type ProtectionDeps = {
  readonly monotonicMs: () => number;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

/**
 * Keeps ECS from choosing this task when it scales in or deploys: while it holds sessions, an empty one is the better
 * choice. Whatever the agent says, the runner goes on.
 */
export class TaskProtection {
  readonly #url: string;
  readonly #deps: ProtectionDeps;
  /** As the agent last confirmed it; a new task is not protected. */
  #isProtected = false;
  #confirmedMs = -Infinity;
  #failedMs = -Infinity;
  #underWay: Promise<void> | undefined;
  #isReleased = false;

  /** `agentUri` is `ECS_AGENT_URI`. */
  constructor(agentUri: string, deps: ProtectionDeps) {
    this.#url = `${agentUri}/task-protection/v1/state`;
    this.#deps = deps;
  }

  /** Asks for what fits the number of sessions, until the signal aborts. */
  async followUntil(countSessions: () => number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#follow(countSessions());
      await this.#deps.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    }
    await this.#underWay;
  }

  /** Takes the protection away for good: the runner drains. Resolves when the agent has answered. */
  async release(): Promise<void> {
    this.#isReleased = true;
    await this.#underWay;
    if (this.#isProtected) await this.#ask(false);
  }

  #follow(sessionCount: number): void {
    const nowMs = this.#deps.monotonicMs();
    const isWanted = sessionCount > 0;
    const isStale = isWanted && nowMs - this.#confirmedMs >= REFRESH_EVERY_MS;
    const isResting = nowMs - this.#failedMs < RETRY_DELAY_MS;
    if (this.#isReleased || isResting || (this.#isProtected === isWanted && !isStale)) return;
    this.#underWay ??= this.#ask(isWanted);
  }

  async #ask(isWanted: boolean): Promise<void> {
    const { monotonicMs, log } = this.#deps;
    try {
      const response = await fetch(this.#url, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ProtectionEnabled: isWanted,
          ...(isWanted && { ExpiresInMinutes: EXPIRES_MIN }),
        }),
        signal: AbortSignal.timeout(AGENT_TIMEOUT_MS),
      });
      const { protection, failure, error } = AgentAnswer.parse(await response.json());
      if (protection?.ProtectionEnabled !== isWanted) {
        throw new Error(`The agent refused: ${failure?.Reason ?? error?.Code ?? response.status}.`);
      }
      this.#isProtected = isWanted;
      this.#confirmedMs = monotonicMs();
      log.info({ isProtected: isWanted }, 'The protection of the task has changed.');
    } catch (err) {
      this.#failedMs = monotonicMs();
      log.error({ err, isWanted }, 'The protection of the task could not be changed.');
    } finally {
      this.#underWay = undefined;
    }
  }
}
