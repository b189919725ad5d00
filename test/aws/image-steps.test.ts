import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readDeployment } from './deployment.ts';
import { cleanEnv, deploymentFile } from './env.ts';
import { buildWithoutDocker, bytesBelow, filesBelow, type Image } from './image-without-docker.ts';
import { makeRunFolder } from './run-folder.ts';
import { RunnerProcess } from './runner-process.ts';
import { type RunnerTask, readRunnerTask } from './runner-task.ts';
import { openSimulator, type SimulatorProcess } from './simulator-process.ts';
import { taskGaps } from './task-gaps.ts';

const run = promisify(execFile);
const CONTEXT = new URL('../..', import.meta.url).pathname;
const MEGABYTE = 1_000_000;
/** The user `node` of the base image; a root user may write everywhere, so the container is not run as root. */
const NODE_USER = { uid: 1000, gid: 1000 };

const Lock = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })),
});

let folder: string;
let image: Image;
let task: RunnerTask;
let simulator: SimulatorProcess;
let environment: Record<string, string>;

beforeAll(async () => {
  const deployment = await readDeployment(deploymentFile());
  folder = await makeRunFolder('image');
  simulator = await openSimulator();
  task = await readRunnerTask(deployment);
  image = await buildWithoutDocker({ context: CONTEXT, target: folder });
  environment = cleanEnv({
    ...image.env,
    ...task.environment,
    ...(await taskGaps(deployment, { task, simulator, folder })),
    HOME: '/nonexistent',
  });
}, 180_000);

afterAll(async () => {
  await simulator.stop();
  await run('chmod', ['-R', 'u+w', folder]);
  await rm(folder, { recursive: true, force: true });
});

describe('what is in the image', () => {
  it('is the runner, what it shares with others, and nothing besides', async () => {
    expect((await readdir(image.root)).sort()).toEqual(['app']);
    expect((await readdir(image.workDir)).sort()).toEqual([
      'node_modules',
      'package.json',
      'runner',
      'shared',
    ]);
    const own = (await filesBelow(image.workDir)).filter(
      (file) => !file.startsWith('node_modules/'),
    );
    expect(own.length).toBeGreaterThan(50);
    expect(own.filter((file) => !/^package\.json$|^(?:runner|shared)\/.*\.ts$/.test(file))).toEqual(
      [],
    );
    expect(own.filter((file) => file.endsWith('.test.ts'))).toEqual([]);
  });

  it('has no package that is for development alone', async () => {
    const lock = Lock.parse(JSON.parse(await readFile(join(CONTEXT, 'package-lock.json'), 'utf8')));
    const names = Object.entries(lock.packages);
    const forDevelopment = names.filter(([, { dev }]) => dev).map(([path]) => path);
    expect(forDevelopment.length).toBeGreaterThan(50);
    const files = await filesBelow(image.workDir);
    const folders = new Set(files.flatMap((file) => packagesOf(file)));
    expect(forDevelopment.filter((path) => folders.has(path))).toEqual([]);
  });

  it('has no secret', async () => {
    const files = await filesBelow(image.workDir);
    const suspicious =
      /(?:^|\/)(?:\.env(?:\..*)?|\.npmrc|\.git|\.data|.*\.(?:pem|key|p12|sqlite))$/;
    expect(files.filter((file) => suspicious.test(file))).toEqual([]);
  });

  it('is small enough to be pulled in seconds', async () => {
    const bytes = await bytesBelow(image.workDir);
    process.stdout.write(`The image's own layers: ${Math.round(bytes / MEGABYTE)} MB unpacked.\n`);
    expect(bytes).toBeLessThan(200 * MEGABYTE);
  });
});

describe('the container', () => {
  it('gets healthy, writes no file, and ends with 0 on SIGTERM within its time', async () => {
    await makeReadOnly(folder);
    const before = await filesBelow(image.root);
    const container = await RunnerProcess.start({
      command: image.command,
      healthCommand: image.healthCommand,
      env: { ...environment, TMPDIR: image.workDir },
      workDir: image.workDir,
      ...(process.getuid?.() === 0 && { user: NODE_USER }),
    });
    const startedMs = performance.now();
    expect(await container.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedMs).toBeLessThan(task.stopTimeoutS * 1_000);
    expect(await container.isHealthy()).toBe(false);
    expect(await filesBelow(image.root)).toEqual(before);
  });

  it('runs as an ordinary user, with the check that ECS makes', async () => {
    expect(image.user).toBe('node');
    expect(image.healthCommand).toEqual(task.healthCommand);
  });
});

/** `node_modules/a/node_modules/@b/c/index.js` is of `node_modules/a` and of `node_modules/a/node_modules/@b/c`. */
function packagesOf(file: string): string[] {
  return [...file.matchAll(/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/g)].map((match) =>
    file.slice(0, match.index + match[0].length),
  );
}

/** For whoever runs the container: a root user takes the rights away from itself by becoming another one. */
async function makeReadOnly(target: string): Promise<void> {
  await run('chmod', ['-R', 'a-w,a+rX', target]);
}
