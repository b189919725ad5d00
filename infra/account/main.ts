import { randomBytes } from 'node:crypto';
import { PasswordHasher, SCRYPT_COST } from '#shared/accounts/password-hasher.ts';
import { runMain } from '../operator/run-main.ts';
import { readAccountEnv } from './env.ts';
import { HELP, parseCommand } from './parse-command.ts';
import { readFirstLine } from './read-first-line.ts';
import { type CommandDeps, runCommand } from './run-command.ts';

process.exitCode = await runMain('account', async (args) => {
  const command = parseCommand(args);
  switch (command.kind) {
    case 'help':
      return { kind: 'done', text: HELP };
    case 'wrong':
      return command;
    case 'create':
    case 'reset-password':
    case 'grant-admin':
    case 'revoke-admin':
      return { kind: 'done', text: await runCommand(command, makeDeps()) };
  }
});

function makeDeps(): CommandDeps {
  return {
    env: readAccountEnv(),
    passwords: new PasswordHasher({ cost: SCRYPT_COST, randomBytes }),
    readPassword: async () => await readFirstLine(process.stdin),
    now: () => new Date(),
    randomBytes,
  };
}
