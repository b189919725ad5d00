import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as z from 'zod';
import type { Deployment } from '../deployment.ts';
import { wholeEnv } from '../env.ts';
import { exitCodeOf } from './run-command.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
const TESTS_TIMEOUT_MS = 300_000;

const TestFile = z.object({
  name: z.string(),
  assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
});
const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  success: z.boolean(),
  testResults: z.array(TestFile),
});

export type Outcome = {
  readonly passed: number;
  readonly failed: number;
  /** Each by its file and its full name. */
  readonly failures: readonly string[];
  readonly isGood: boolean;
};

export const NOTHING_SEEN: Outcome = { passed: 0, failed: 0, failures: [], isGood: false };

type Options = {
  /** Which test files, by a part of their paths; all without one. */
  readonly filters: readonly string[];
  /** The names of tests that are left out. */
  readonly leftOut: readonly string[];
  readonly workDir: string;
  readonly signal: AbortSignal;
};

/** Runs the tests against what is deployed, and counts them. No tests at all are a failure. */
export async function runTests(deployment: Deployment, options: Options): Promise<Outcome> {
  const { filters, leftOut, workDir, signal } = options;
  const deploymentFile = join(workDir, 'deployment.json');
  const reportFile = join(workDir, 'report.json');
  await writeFile(deploymentFile, JSON.stringify(deployment));
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const command = [
    VITEST,
    'run',
    '-c',
    'vitest.aws.config.ts',
    ...reporters,
    ...allBut(leftOut),
    ...filters,
  ];
  const code = await exitCodeOf([process.execPath, ...command], {
    cwd: ROOT,
    env: wholeEnv({ ...deployment.clientEnv, DEPLOYMENT_FILE: deploymentFile }),
    output: 'inherit',
    timeoutMs: TESTS_TIMEOUT_MS,
    signal,
  });
  const report = Report.safeParse(JSON.parse(await readFile(reportFile, 'utf8').catch(() => '{}')));
  if (!report.success) return NOTHING_SEEN;
  const { numPassedTests: passed, numFailedTests: failed, success, testResults } = report.data;
  const failures = testResults.flatMap(failuresOf);
  return { passed, failed, failures, isGood: code === 0 && success && passed > 0 };
}

function failuresOf({ name, assertionResults }: z.infer<typeof TestFile>): string[] {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  return failed.map(({ fullName }) => `${relative(ROOT, name)}: ${fullName}`);
}

/** vitest runs the tests whose full names fit. */
function allBut(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const patterns = names.map((name) => name.replaceAll(/[^\w ]/g, '.'));
  return [`--testNamePattern=^(?!.*(?:${patterns.join('|')}))`];
}
