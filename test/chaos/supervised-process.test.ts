import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childEnv } from '../../infra/local/env.ts';
import { until } from '../until.ts';
import { processState } from './memory-watch.ts';
import { SupervisedProcess } from './supervised-process.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supervised-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function startScript(name: string, script: string): Promise<SupervisedProcess<number>> {
  const modulePath = join(folder, `${name}.mjs`);
  await writeFile(modulePath, script);
  return await SupervisedProcess.start({
    name,
    modulePath,
    env: childEnv({}),
    logPath: join(folder, `${name}.log`),
    parseReady: (message) => (typeof message === 'number' ? message : undefined),
  });
}

it('starts another run of what was killed, and leaves none when it is stopped', async () => {
  const child = await startScript(
    'lives',
    `process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1_000); console.log('up'); process.send(process.pid);`,
  );
  const first = child.pid;
  expect(child.ready).toBe(first);
  await child.kill();
  await until('another is up', () => child.ready !== undefined);
  expect(child.pid).not.toBe(first);
  expect(child.ends).toEqual([{ code: null, signal: 'SIGKILL' }]);
  expect(await child.stop({ withinMs: 5_000 })).toBe(7);
  expect(child.pids).toHaveLength(2);
  expect(await Promise.all(child.pids.map(processState))).toEqual(['gone', 'gone']);
  expect(await readFile(join(folder, 'lives.log'), 'utf8')).toBe('up\nup\n');
});

it('ends one that was stopped in its tracks, and one that does not listen', async () => {
  const child = await startScript(
    'deaf',
    `process.on('SIGTERM', () => {}); process.send(1); setInterval(() => {}, 1_000);`,
  );
  process.kill(child.pid ?? 0, 'SIGSTOP');
  await until('it is stopped', async () => {
    return (await processState(child.pid ?? 0)).includes('stopped');
  });
  expect(await child.stop({ withinMs: 50 })).toBeNull();
});

it('says where to look when it does not get up', async () => {
  await expect(startScript('broken', 'process.exit(3)')).rejects.toThrow(
    /broken ended \(3\) before it was up; see .*broken\.log/,
  );
});
