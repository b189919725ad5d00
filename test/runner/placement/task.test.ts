import { describe, expect, it } from 'vitest';
import { readTask } from '#runner/placement/task.ts';
import { listeningLog } from '../silent-log.ts';
import { startEcsAgent } from './ecs-agent.ts';

const TASK = { runnerId: '158d1c8083dd49d6b527399fd6414f5c', version: 'whatsapp-bots-runner:26' };

async function reader() {
  const agent = await startEcsAgent();
  const { log, sentences } = listeningLog();
  const slept: number[] = [];
  const sleep = async (delayMs: number) => void slept.push(delayMs);
  return { agent, sentences, slept, read: () => readTask(agent.metadataUri, { sleep, log }) };
}

describe('readTask', () => {
  it('names the runner for its task, and the version for its task definition', async () => {
    const { agent, read } = await reader();
    expect(await read()).toEqual(TASK);
    expect(agent.calls).toEqual([{ method: 'GET', path: '/v4/158d1c80/task', body: undefined }]);
  });

  it('asks again when it was not told', async () => {
    const { agent, slept, read } = await reader();
    const told = agent.onTask;
    let asked = 0;
    agent.onTask = () => {
      asked += 1;
      return asked === 1 ? { status: 500, body: 'Internal Server Error' } : told();
    };
    expect(await read()).toEqual(TASK);
    expect(slept).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['no ARN', { TaskARN: 'default' }],
    ['an ARN of something else', { TaskARN: 'arn:aws:ecs:us-west-2:111122223333:service/one' }],
    ['no revision', { Revision: '' }],
  ])('goes on without when it is told %s', async (_name, wrong) => {
    const { agent, sentences, read } = await reader();
    const { body } = agent.onTask();
    agent.onTask = () => ({ body: { ...(body as object), ...wrong } });
    expect(await read()).toBeUndefined();
    expect(sentences()).toHaveLength(3);
  });

  it('goes on without when nobody answers', async () => {
    const { agent, sentences, read } = await reader();
    await agent.hangUp();
    expect(await read()).toBeUndefined();
    expect(new Set(sentences())).toEqual(new Set(['ECS did not say which task this is.']));
  });
});
