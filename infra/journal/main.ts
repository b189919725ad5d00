import { randomBytes } from 'node:crypto';
import { explainFailure } from '../operator/explain-failure.ts';
import { readJournalEnv } from './env.ts';
import { HELP, parseCommand } from './parse-command.ts';
import { runCommand } from './run-command.ts';

/** 1: it could not be done. 2: it was not understood. */
const FAILED = 1;
const MISUSED = 2;

process.exitCode = await main();

async function main(): Promise<number> {
  const command = parseCommand(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'wrong':
      process.stderr.write(`${command.message}\nTry: npm run journal -- --help\n`);
      return MISUSED;
    case 'inspect':
    case 'restore':
      try {
        const deps = { env: readJournalEnv(), now: () => new Date(), randomBytes };
        process.stdout.write(await runCommand(command, deps));
        return 0;
      } catch (error) {
        process.stderr.write(`${explainFailure(error)}\n`);
        return FAILED;
      }
  }
}
