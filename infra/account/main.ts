import { randomBytes } from 'node:crypto';
import { PasswordHasher, SCRYPT_COST } from '#shared/accounts/password-hasher.ts';
import { explainFailure } from '../operator/explain-failure.ts';
import { readAccountEnv } from './env.ts';
import { HELP, parseCommand } from './parse-command.ts';
import { readFirstLine } from './read-first-line.ts';
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
      process.stderr.write(`${command.message}\nTry: npm run account -- --help\n`);
      return MISUSED;
    case 'create':
    case 'reset-password':
    case 'grant-admin':
    case 'revoke-admin':
      try {
        const done = await runCommand(command, {
          env: readAccountEnv(),
          passwords: new PasswordHasher({ cost: SCRYPT_COST, randomBytes }),
          readPassword: async () => await readFirstLine(process.stdin),
          now: () => new Date(),
          randomBytes,
        });
        process.stdout.write(done);
        return 0;
      } catch (error) {
        process.stderr.write(`${explainFailure(error)}\n`);
        return FAILED;
      }
  }
}
