/**
 * `npm run chaos`: real processes, real faults, and whether every promise was kept. The seed that it prints orders the
 * same faults again.
 */
import { readChaosOptions } from './chaos-options.ts';
import { runChaos } from './chaos-run.ts';
import { ChaosSystem } from './chaos-system.ts';
import { WebhookBook } from './webhook-book.ts';

const tell = (line: string) => void process.stdout.write(`${line}\n`);

const options = readChaosOptions(process.argv.slice(2), { seed: Date.now() });
const stop = new AbortController();
const stopped = new Promise<never>((_, reject) => {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stop.abort();
      reject(new Error(`It was told to stop: ${name}.`));
    });
  }
});
tell(`Seed ${options.seed}.`);
const system = await ChaosSystem.start(options);
const book = await WebhookBook.open();
let isKept = false;
try {
  const run = runChaos({ options, system, book, tell }, stop.signal);
  const { verdicts, report } = await Promise.race([run, stopped]);
  isKept = verdicts.every(({ faultCount }) => faultCount === 0);
  tell(`\n${report}`);
} catch (error) {
  tell(String(error instanceof Error ? error.stack : error));
} finally {
  await system.kill();
  await book.close();
}
if (isKept) await system.removeFolder();
else tell(`The logs and the data are in ${system.folder}.`);
process.exit(isKept ? 0 : 1);
