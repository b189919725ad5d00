import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { cleanEnv } from '../env.ts';
import { ACCOUNT, type Emulator, REGION } from './emulator.ts';
import { runCommand } from './run-command.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;
const CDK = join(ROOT, 'node_modules/.bin/cdk');
const BOOTSTRAP_TIMEOUT_MS = 120_000;
const DEPLOY_TIMEOUT_MS = 240_000;

export type CdkOptions = {
  readonly emulator: Emulator;
  readonly workDir: string;
  readonly signal: AbortSignal;
};

const Outputs = z.record(z.string(), z.record(z.string(), z.string()));
/** The outputs of each stack, by its name. */
export type Outputs = z.infer<typeof Outputs>;

/** Where the synthesized templates are, those of stacks that are not deployed too. */
export function assemblyOf(workDir: string): string {
  return join(workDir, 'cdk.out');
}

/** The bucket, the roles and the version parameter that every account needs once. */
export async function bootstrap(options: CdkOptions): Promise<void> {
  const target = `aws://${ACCOUNT}/${REGION}`;
  await cdk(['bootstrap', target, '-o', join(options.workDir, 'bootstrap')], {
    ...options,
    timeoutMs: BOOTSTRAP_TIMEOUT_MS,
  });
}

/** Synthesizes the app as a person would, and deploys these of its stacks. */
export async function deployStacks(
  stacks: readonly string[],
  options: CdkOptions,
): Promise<Outputs> {
  const outputs = join(options.workDir, 'outputs.json');
  const args = [...stacks, '--require-approval', 'never', '--outputs-file', outputs];
  await cdk(['deploy', ...args, '-o', assemblyOf(options.workDir)], {
    ...options,
    timeoutMs: DEPLOY_TIMEOUT_MS,
  });
  const deployed = Outputs.parse(JSON.parse(await readFile(outputs, 'utf8')));
  // The CLI only warns of a name that it does not know.
  const missing = stacks.filter((stack) => deployed[stack] === undefined);
  if (missing.length > 0) throw new Error(`The CDK did not deploy ${missing.join(', ')}.`);
  return deployed;
}

async function cdk(
  args: readonly string[],
  { emulator, workDir, signal, timeoutMs }: CdkOptions & { timeoutMs: number },
): Promise<void> {
  await runCommand([CDK, ...args, '--progress', 'events'], {
    cwd: ROOT,
    env: cleanEnv({
      ...emulator.env,
      HOME: workDir,
      TMPDIR: workDir,
      CDK_DISABLE_NOTICES: '1',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    }),
    output: { logPath: join(workDir, 'cdk.log') },
    timeoutMs,
    signal,
  });
}
