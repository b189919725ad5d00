/**
 * `npm run chaos`: real processes, real faults, and whether every promise was kept. The seed that it prints orders the
 * same faults again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChaosOptions, readChaosOptions } from './chaos-options.ts';
import { runChaos } from './chaos-run.ts';
import { ChaosSystem } from './chaos-system.ts';
import { WebhookBook } from './webhook-book.ts';

const tell = (line: string) => void process.stdout.write(`${line}\n`);

/** Whether every promise was kept. Throws when something broke that nobody promised. */
async function run(options: ChaosOptions, folder: string): Promise<boolean> {
  const system = await ChaosSystem.start(options, folder);
  const book = await WebhookBook.open();
  try {
    const { verdicts, report } = await runChaos({ options, system, book, tell });
    tell(`\n${report}`);
    return verdicts.every(({ faultCount }) => faultCount === 0);
  } finally {
    await system.kill();
    await book.close();
  }
}

const options = readChaosOptions(process.argv.slice(2), { seed: Date.now() });
tell(`Seed ${options.seed}.`);
const folder = await mkdtemp(join(tmpdir(), 'whatsapp-bots-chaos-'));
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    tell(`It was told to stop: ${name}. The logs and the data are in ${folder}.`);
    process.exit(1);
  });
}
let isKept = false;
try {
  isKept = await run(options, folder);
} catch (error) {
  tell(String(error instanceof Error ? error.stack : error));
}
if (isKept) await rm(folder, { recursive: true, force: true });
else tell(`The logs and the data are in ${folder}.`);
process.exit(isKept ? 0 : 1);
