import { createAccount } from '#shared/accounts/create-account.ts';
import type { PasswordHasher } from '#shared/accounts/password-hasher.ts';
import { NewPassword, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '#shared/domain/account.ts';
import { DomainError } from '#shared/domain/error.ts';
import { OperatorError } from '../operator/operator-error.ts';
import type { AccountEnv } from './env.ts';
import { type OpenAccounts, openAccounts } from './open-accounts.ts';
import type { Command } from './parse-command.ts';

/** 144 bits: 24 characters of base64url. */
const PASSWORD_BYTES = 18;

export type CommandDeps = {
  readonly env: AccountEnv;
  readonly passwords: Pick<PasswordHasher, 'hash'>;
  /** The first line of standard input. */
  readonly readPassword: () => Promise<string>;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Buffer;
};

type Work = Exclude<Command, { kind: 'help' | 'wrong' }>;
type PasswordWork = Extract<Work, { kind: 'create' | 'reset-password' }>;

/** Does what the command says, and answers what to tell the operator. Throws `OperatorError`. */
export async function runCommand(command: Work, deps: CommandDeps): Promise<string> {
  switch (command.kind) {
    case 'create':
    case 'reset-password':
      return await withPassword(command, deps);
    case 'grant-admin':
    case 'revoke-admin':
      return await setAdmin(command, deps);
  }
}

async function setAdmin(
  { kind, email, home }: Exclude<Work, PasswordWork>,
  { env }: CommandDeps,
): Promise<string> {
  const isGranted = kind === 'grant-admin';
  const { accounts, place, close } = await openAccounts(home, env);
  try {
    const account = await accounts.getByEmail(email);
    const role = isGranted ? 'ADMIN' : undefined;
    if (account === undefined || !(await accounts.setRole(account.accountId, role))) {
      throw noSuchAccount(email, place);
    }
    return `The account ${account.accountId} in ${place} is ${isGranted ? 'an admin' : 'no admin'} now.\n`;
  } finally {
    await close();
  }
}

async function withPassword(command: PasswordWork, deps: CommandDeps): Promise<string> {
  const password = await choosePassword(command, deps);
  const open = await openAccounts(command.home, deps.env);
  try {
    switch (command.kind) {
      case 'create':
        return await create({ ...command, password }, { ...deps, ...open });
      case 'reset-password':
        return await resetPassword({ ...command, password }, { ...deps, ...open });
    }
  } finally {
    await open.close();
  }
}

type Parts = CommandDeps & Pick<OpenAccounts, 'accounts' | 'place'>;
type WithPassword<C extends PasswordWork> = C & { readonly password: string };

async function create(
  command: WithPassword<Extract<PasswordWork, { kind: 'create' }>>,
  deps: Parts,
): Promise<string> {
  try {
    const { accountId } = await createAccount(command, deps);
    return `Made the account ${accountId} in ${deps.place}.\n${credentials(command)}`;
  } catch (cause) {
    if (!(cause instanceof DomainError && cause.code === 'email_taken')) throw cause;
    throw new OperatorError(
      `There is an account with the e-mail ${command.email} in ${deps.place}. ` +
        'For a new password: npm run account -- reset-password',
      { cause },
    );
  }
}

async function resetPassword(
  command: WithPassword<Extract<PasswordWork, { kind: 'reset-password' }>>,
  { accounts, passwords, place }: Parts,
): Promise<string> {
  const account = await accounts.getByEmail(command.email);
  const passwordHash = await passwords.hash(command.password);
  if (account === undefined || !(await accounts.setPassword(account.accountId, passwordHash))) {
    throw noSuchAccount(command.email, place);
  }
  const count = await accounts.endLogins(account.accountId);
  const ended = `Logins ended: ${count}. Its API keys stay good.`;
  return `The account ${account.accountId} in ${place} has a new password. ${ended}\n${credentials(command)}`;
}

function noSuchAccount(email: string, place: string): OperatorError {
  return new OperatorError(`There is no account with the e-mail ${email} in ${place}.`);
}

async function choosePassword(
  { isPasswordGiven }: PasswordWork,
  deps: CommandDeps,
): Promise<string> {
  if (!isPasswordGiven) return deps.randomBytes(PASSWORD_BYTES).toString('base64url');
  const password = NewPassword.safeParse(await deps.readPassword());
  if (password.success) return password.data;
  throw new OperatorError(
    `The password must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters.`,
  );
}

/** Who gave the password knows it. */
function credentials({ email, password, isPasswordGiven }: WithPassword<PasswordWork>): string {
  const lines = [`  e-mail    ${email}`];
  if (!isPasswordGiven) lines.push(`  password  ${password}   (it is not shown again)`);
  return `${lines.join('\n')}\n`;
}
