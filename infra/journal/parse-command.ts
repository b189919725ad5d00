import { parseArgs } from 'node:util';
import { ObjectId } from '#shared/domain/identifier.ts';
import {
  argumentFault,
  HOME_OPTIONS,
  type Home,
  misplacedHomeOption,
  toHome,
} from '../operator/home-options.ts';

type Target = { readonly instanceId: string; readonly home: Home };

export type Command =
  | { readonly kind: 'help' }
  | ({ readonly kind: 'inspect' } & Target)
  | ({ readonly kind: 'restore'; readonly to: number | undefined } & Target)
  | { readonly kind: 'wrong'; readonly message: string };

export const HELP = `The journal of an instance's auth state, for its operator.

  npm run journal -- inspect --instance <id>
  npm run journal -- restore --instance <id> [--to <number>]

inspect lists records and snapshots and says whether they verify; it shows nothing of what they hold.
restore makes the last state that verifies the current one, for an instance that is QUARANTINED or stopped.
Then call /whatsapp/init.

  --instance        its id, 24 hexadecimal digits
  --to              the number of the record whose state is wanted (restore); otherwise the last that verifies

Where the journals are: in the data folder of this machine, or on AWS.

  --data-dir        the data folder; otherwise DATA_DIR, otherwise .data
  --aws             on AWS, with the credentials of the environment (AWS_PROFILE and so on)
  --stack           the data stack that was deployed (--aws); otherwise AUTH_BUCKET and KMS_KEY_ID, otherwise
                    WhatsappBotsData
  --region          its region (--aws); otherwise AWS_REGION or the profile's
  --help            this text
`;

const OPTIONS = {
  instance: { type: 'string' },
  to: { type: 'string' },
  ...HOME_OPTIONS,
} as const;

/** Twelve digits name a record. */
const NUMBER = /^[1-9]\d{0,11}$/;

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
  if (action !== 'inspect' && action !== 'restore') {
    return wrong(`Say "inspect" or "restore"${action ? `, not "${action}"` : ''}.`);
  }
  const misplaced = misplacedOption(values, action);
  if (misplaced !== undefined) return wrong(misplaced);
  const instance = ObjectId.safeParse(values.instance ?? '');
  if (!instance.success) return wrong('--instance must be 24 hexadecimal digits.');
  const target = { instanceId: instance.data, home: toHome(values) };
  if (action === 'inspect') return { kind: 'inspect', ...target };
  if (values.to === undefined) return { kind: 'restore', to: undefined, ...target };
  if (!NUMBER.test(values.to)) return wrong('--to must be the number of a record.');
  return { kind: 'restore', to: Number(values.to), ...target };
}

function misplacedOption(values: Values, action: string): string | undefined {
  if (values.to !== undefined && action !== 'restore') return `--to does not go with ${action}.`;
  return misplacedHomeOption(values);
}

function wrong(message: string): Command {
  return { kind: 'wrong', message };
}
