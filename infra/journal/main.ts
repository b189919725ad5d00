import { randomBytes } from 'node:crypto';
import { runMain } from '../operator/run-main.ts';
import { readJournalEnv } from './env.ts';
import { HELP, parseCommand } from './parse-command.ts';
import { runCommand } from './run-command.ts';

process.exitCode = await runMain('journal', async (args) => {
  const command = parseCommand(args);
  switch (command.kind) {
    case 'help':
      return { kind: 'done', text: HELP };
    case 'wrong':
      return command;
    case 'inspect':
    case 'restore': {
      const deps = { env: readJournalEnv(), now: () => new Date(), randomBytes };
      return { kind: 'done', text: await runCommand(command, deps) };
    }
  }
});
