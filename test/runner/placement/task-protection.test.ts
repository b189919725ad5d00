import { describe, expect, it, onTestFinished } from 'vitest';
import { TaskProtection } from '#runner/placement/task-protection.ts';
import { until } from '../../until.ts';
import { listeningLog } from '../silent-log.ts';
import { startEcsAgent, TASK_ARN } from './ecs-agent.ts';
import { ScriptedTime } from './scripted-time.ts';

const MINUTE_MS = 60_000;
const PROTECT = { ProtectionEnabled: true, ExpiresInMinutes: 120 };
const RELEASE = { ProtectionEnabled: false };

async function protectionAtWork() {
  const agent = await startEcsAgent();
  const time = new ScriptedTime();
  const { log, sentences } = listeningLog();
  const protection = new TaskProtection(agent.agentUri, { ...time, log });
  const stop = new AbortController();
  const held = { sessions: 0 };
  const following = protection.followUntil(() => held.sessions, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await following;
  });
  return {
    agent,
    time,
    protection,
    held,
    sentences,
    /** Waits until the agent was asked so often, and its answer was dealt with. */
    async asked(count: number): Promise<void> {
      await until(`the agent was asked ${count} times`, () => agent.calls.length >= count);
      await until('its answer was dealt with', () => sentences().length >= count);
    },
    /** Lets time pass, second by second. */
    async pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += 1_000) await time.pass(1_000);
    },
  };
}

describe('TaskProtection', () => {
  it('asks for nothing while there are no sessions', async () => {
    const { agent, pass } = await protectionAtWork();
    await pass(5 * MINUTE_MS);
    expect(agent.calls).toEqual([]);
  });

  it('protects the task when there is a session, and no longer when there is none', async () => {
    const { agent, held, pass, asked } = await protectionAtWork();
    held.sessions = 1;
    await pass(1_000);
    await asked(1);
    held.sessions = 40;
    await pass(MINUTE_MS);
    held.sessions = 0;
    await pass(1_000);
    await asked(2);
    await pass(MINUTE_MS);
    expect(agent.calls).toEqual([
      { method: 'PUT', path: '/api/158d1c80/task-protection/v1/state', body: PROTECT },
      { method: 'PUT', path: '/api/158d1c80/task-protection/v1/state', body: RELEASE },
    ]);
  });

  it('asks anew every hour, before ECS lets it lapse', async () => {
    const { agent, held, pass, asked } = await protectionAtWork();
    held.sessions = 1;
    await pass(1_000);
    await asked(1);
    await pass(59 * MINUTE_MS);
    expect(agent.calls).toHaveLength(1);
    await pass(MINUTE_MS);
    await asked(2);
    expect(agent.protections()).toEqual([PROTECT, PROTECT]);
  });

  it.each<[string, { status?: number; body: unknown }]>([
    [
      'refuses',
      { body: { failure: { Arn: TASK_ARN, Detail: null, Reason: 'DEPLOYMENT_BLOCKED' } } },
    ],
    [
      'has an error',
      {
        status: 400,
        body: {
          requestID: '12345-abc-6789-0123-abc',
          error: { Arn: TASK_ARN, Code: 'AccessDeniedException', Message: 'No.' },
        },
      },
    ],
    ['does not speak our language', { status: 502, body: 'Bad Gateway' }],
  ])('tries again half a minute later when the agent %s', async (_name, answer) => {
    const { agent, held, sentences, pass, asked } = await protectionAtWork();
    const good = agent.onProtection;
    agent.onProtection = () => answer;
    held.sessions = 1;
    await pass(1_000);
    await asked(1);
    expect(sentences()).toEqual(['The protection of the task could not be changed.']);
    agent.onProtection = good;
    await pass(29_000);
    expect(agent.calls).toHaveLength(1);
    await pass(2_000);
    await asked(2);
    expect(sentences().at(-1)).toBe('The protection of the task has changed.');
  });

  it('goes on when nobody answers', async () => {
    const { agent, held, sentences, pass } = await protectionAtWork();
    await agent.hangUp();
    held.sessions = 1;
    await pass(1_000);
    await until('it was told', () => sentences().length > 0);
    expect(sentences()).toEqual(['The protection of the task could not be changed.']);
  });

  it('is released for good when the runner drains', async () => {
    const { agent, protection, held, pass, asked } = await protectionAtWork();
    held.sessions = 5;
    await pass(1_000);
    await asked(1);
    await protection.release();
    await pass(5 * MINUTE_MS);
    expect(agent.protections()).toEqual([PROTECT, RELEASE]);
  });

  it('is released after an answer that is still awaited', async () => {
    const { agent, protection, held, pass } = await protectionAtWork();
    held.sessions = 5;
    await pass(1_000);
    await protection.release();
    expect(agent.protections()).toEqual([PROTECT, RELEASE]);
  });

  it('asks for nothing at its release when there was no protection', async () => {
    const { agent, protection } = await protectionAtWork();
    await protection.release();
    expect(agent.calls).toEqual([]);
  });
});
