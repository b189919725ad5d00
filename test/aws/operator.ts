import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { wholeEnv } from './env.ts';

const COMMAND = new URL('../../infra/account/main.ts', import.meta.url).pathname;

/** Who gets an account, and where: the operator's own flags, `--aws` or `--data-dir <folder>`. */
export type NewAccount = {
  readonly email: string;
  readonly password: string;
  readonly home: readonly string[];
};

/** What `npm run account -- create` does, in a process of its own. Throws with what it said when it refuses. */
export async function createAccountByOperator({
  email,
  password,
  home,
}: NewAccount): Promise<void> {
  const args = ['create', '--email', email, '--password-stdin', ...home];
  const child = spawn(process.execPath, [COMMAND, ...args], { env: wholeEnv(), stdio: 'pipe' });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  child.stdin.end(`${password}\n`);
  const [said, complained, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ]);
  if (code !== 0) throw new Error(`The account was not made (${code}): ${said}${complained}`);
}
