import { parseArgs } from 'node:util';
import * as z from 'zod';
import { DisplayName, Email } from '#shared/domain/account.ts';
import {
  argumentFault,
  HOME_OPTIONS,
  type Home,
  misplacedHomeOption,
  toHome,
} from '../operator/home-options.ts';

type Target = { readonly email: string; readonly home: Home };

type WithPassword = Target & {
  /** Read from standard input; made up when not. */
  readonly isPasswordGiven: boolean;
};

const ACTIONS = ['create', 'reset-password', 'grant-admin', 'revoke-admin'] as const;
type Action = (typeof ACTIONS)[number];

export type Command =
  | { readonly kind: 'help' }
  | ({ readonly kind: 'create'; readonly name: string } & WithPassword)
  | ({ readonly kind: 'reset-password' } & WithPassword)
  /** Whether the account sees what is of the whole system. */
  | ({ readonly kind: 'grant-admin' | 'revoke-admin' } & Target)
  | { readonly kind: 'wrong'; readonly message: string };

export const HELP = `Accounts of the API, made by its operator.

  npm run account -- create --email someone@example.com [--name "Some One"]
  npm run account -- reset-password --email someone@example.com
  npm run account -- grant-admin --email someone@example.com
  npm run account -- revoke-admin --email someone@example.com

Without a password given, a strong one is made and shown once. An admin may see how the runners are (GET /runners).

  --email           the account's e-mail address
  --name            what the account is called (create)
  --password-stdin  the password is read from standard input, its first line (create, reset-password)

Where the accounts are: in the data folder of this machine, also while "npm start" runs, or on AWS.

  --data-dir        the data folder; otherwise DATA_DIR, otherwise .data
  --aws             on AWS, with the credentials of the environment (AWS_PROFILE and so on)
  --stack           the data stack that was deployed (--aws); otherwise TABLE_NAME, otherwise WhatsappBotsData
  --region          its region (--aws); otherwise AWS_REGION or the profile's
  --help            this text
`;

const OPTIONS = {
  email: { type: 'string' },
  name: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  ...HOME_OPTIONS,
} as const;

type Values = ReturnType<typeof readArgs>['values'];

/** What the arguments ask for. It never throws: `wrong` says what is wrong with them, for a person. */
export function parseCommand(args: readonly string[]): Command {
  try {
    const { values, positionals } = readArgs(args);
    if (values.help || args.length === 0) return { kind: 'help' };
    return toCommand(values, positionals);
  } catch (error) {
    return wrong(argumentFault(error));
  }
}

function readArgs(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
}

function toCommand(values: Values, [action, ...rest]: readonly string[]): Command {
  if (rest.length > 0) return wrong(`Unexpected argument '${rest[0]}'.`);
  if (!isAction(action)) {
    const known = ACTIONS.map((each) => `"${each}"`).join(', ');
    return wrong(`Say one of ${known}${action ? `, not "${action}"` : ''}.`);
  }
  const misplaced = misplacedOption(values, action);
  if (misplaced !== undefined) return wrong(misplaced);
  const email = Email.safeParse(values.email ?? '');
  if (!email.success) return wrong('--email must be an e-mail address.');
  const name = DisplayName.safeParse(values.name ?? '');
  if (!name.success) return wrong(`--name is not good: ${z.prettifyError(name.error)}`);
  const target: Target = { email: email.data, home: toHome(values) };
  const isPasswordGiven = values['password-stdin'] ?? false;
  switch (action) {
    case 'create':
      return { kind: action, name: name.data, isPasswordGiven, ...target };
    case 'reset-password':
      return { kind: action, isPasswordGiven, ...target };
    case 'grant-admin':
    case 'revoke-admin':
      return { kind: action, ...target };
  }
}

function isAction(text: string | undefined): text is Action {
  return ACTIONS.some((action) => action === text);
}

function misplacedOption(values: Values, action: Action): string | undefined {
  const takesPassword = action === 'create' || action === 'reset-password';
  if (values['password-stdin'] && !takesPassword) {
    return `--password-stdin does not go with ${action}.`;
  }
  if (values.name !== undefined && action !== 'create') return `--name does not go with ${action}.`;
  return misplacedHomeOption(values);
}

function wrong(message: string): Command {
  return { kind: 'wrong', message };
}
