import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { assemblyOf, bootstrap, deployStacks } from './deploy-stacks.ts';
import type { Emulator } from './emulator.ts';
import { endOfLog } from './run-command.ts';
import { NOTHING_SEEN, type Outcome, runTests } from './run-tests.ts';
import { Steps } from './steps.ts';

const DATA_STACK = 'WhatsappBotsData';
const API_STACK = 'WhatsappBotsApi';
/** What can be seen without an HTTP API. */
const CONTRACTS = ['test/contracts/'];
/** What can be seen where nobody asks who calls. */
const WITHOUT_IAM = [...CONTRACTS, 'main-job', 'same-bytes', 'image-steps'];

export type Proof = {
  /** Brings the emulator up; it may throw before anything runs. */
  readonly start: (tools: Tools) => Promise<Emulator>;
  readonly filters: readonly string[];
};
type Tools = {
  readonly steps: Steps;
  readonly workDir: string;
  readonly signal: AbortSignal;
};

/**
 * The whole proof on one emulator: started, bootstrapped, deployed, tested, stopped. Ends the process with 0 only
 * when every test passed; its last lines name those that failed, and say how many passed.
 */
export async function prove({ start, filters }: Proof): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // Whoever asks twice does not wait for the order in which things end.
      if (stop.signal.aborted) process.exit(1);
      stop.abort(new Error(`Told to end by ${name}.`));
    });
  }
  const steps = new Steps((text) => void process.stdout.write(text));
  const workDir = await realpath(await mkdtemp(join(tmpdir(), 'whatsapp-bots-aws-')));
  // The image's test runs as another user when it is run by root.
  await chmod(workDir, 0o711);
  const tools = { steps, workDir, signal: stop.signal };
  let outcome = NOTHING_SEEN;
  let emulator: Emulator | undefined;
  try {
    requireNode24();
    emulator = await start(tools);
    outcome = await deployAndTest(emulator, { filters, tools });
  } catch (error) {
    tell(`\n${explain(error)}`);
  } finally {
    if (!outcome.isGood) await tellLogs(workDir, emulator);
    await emulator?.stop();
    await rm(workDir, { recursive: true, force: true });
  }
  for (const failure of outcome.failures) process.stdout.write(`FAILED ${failure}\n`);
  process.stdout.write(`${outcome.passed} passed, ${outcome.failed} failed\n`);
  process.exit(outcome.isGood ? 0 : 1);
}

async function deployAndTest(
  emulator: Emulator,
  { filters, tools }: { filters: readonly string[]; tools: Tools },
): Promise<Outcome> {
  const { steps, workDir, signal } = tools;
  const options = { emulator, workDir, signal };
  const stacks = emulator.hasApi ? [DATA_STACK, API_STACK] : [DATA_STACK];
  await steps.run('cdk bootstrap', () => bootstrap(options));
  const outputs = await steps.run(`cdk deploy ${stacks.join(' ')}`, () =>
    deployStacks(stacks, options),
  );
  const deployment = {
    emulator: emulator.name,
    endpoint: emulator.endpoint,
    clientEnv: { ...emulator.env },
    outputs,
    assembly: assemblyOf(workDir),
  };
  const chosen = filters.length > 0 ? filters : testsOn(emulator);
  const test = () => runTests(deployment, { ...tools, filters: chosen, leftOut: emulator.gaps });
  return await steps.run('the tests', test, true);
}

/** None stands for all. */
function testsOn({ hasApi, hasIam }: Emulator): readonly string[] {
  if (!hasApi) return CONTRACTS;
  return hasIam ? [] : WITHOUT_IAM;
}

/** The emulator runs the Lambdas on this very Node, and they are made for 24. */
function requireNode24(): void {
  if (process.versions.node.split('.')[0] === '24') return;
  throw new Error(`This is Node ${process.versions.node}: run it by npm, which uses Node 24.`);
}

/** What the emulator and the tests' own processes wrote last. */
async function tellLogs(workDir: string, emulator: Emulator | undefined): Promise<void> {
  if (emulator) tell(`\nThe end of the log of ${emulator.name}:\n${await emulator.readLog()}`);
  for (const name of ['runner', 'simulator']) {
    const log = await endOfLog({ output: { logPath: join(workDir, `${name}.log`) } });
    if (log !== '') tell(`\nThe end of the log of the ${name}:\n${log}`);
  }
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message}${error.cause instanceof Error ? `\n  because: ${error.cause.message}` : ''}`;
}
