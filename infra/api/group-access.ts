import type { Group } from '#functions/routes.ts';
import type { MediaAccess } from '../media-access.ts';

/** What one item of the table may have done to it; a transaction asks for the rights of its parts. */
type TableAction = 'GetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

type GroupAccess = {
  readonly description: string;
  readonly memoryMib: number;
  readonly table: readonly TableAction[];
  /** Only items whose partitions are like one of these. */
  readonly partitions?: readonly string[];
  /** What it does to media; whoever has some may load S3. */
  readonly media: readonly MediaAccess[];
  /** Whether it rings the doorbells of shards. */
  readonly rings: boolean;
  /** Whether it reads the secret of access tokens. */
  readonly checksTokens: boolean;
};

/**
 * What each group of operations may do, and no more. Checking an API key reads it and notes the day, hence `GetItem`
 * and `UpdateItem` in all that check tokens.
 */
export const GROUP_ACCESS: Readonly<Record<Group, GroupAccess>> = {
  auth: {
    description: 'WhatsApp bots: accounts, logins and API keys.',
    // A password's hash takes 32 MiB and a tenth of a second of a whole core, which Lambda gives by memory.
    memoryMib: 1_024,
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    media: [],
    rings: false,
    checksTokens: true,
  },
  instances: {
    description: 'WhatsApp bots: instances and how they are linked.',
    memoryMib: 512,
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
    media: [],
    rings: true,
    checksTokens: true,
  },
  messages: {
    description: 'WhatsApp bots: messages to send, and what became of them.',
    memoryMib: 512,
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    media: ['read', 'write'],
    rings: true,
    checksTokens: true,
  },
  webhooks: {
    description: 'WhatsApp bots: events, and where they are posted to.',
    memoryMib: 512,
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    media: [],
    rings: true,
    checksTokens: true,
  },
  people: {
    description: 'WhatsApp bots: who is on WhatsApp, and by which address.',
    memoryMib: 512,
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    media: [],
    rings: true,
    checksTokens: true,
  },
  contacts: {
    description: 'WhatsApp bots: the address books of accounts.',
    memoryMib: 512,
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    // Contacts, logins and API keys all lie with their account; messages and webhooks are out of its reach.
    partitions: ['ACCOUNT#*'],
    media: [],
    rings: false,
    checksTokens: true,
  },
  attachments: {
    description: 'WhatsApp bots: the files that messages name.',
    memoryMib: 512,
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    // An instance that calls for its account is found by its session.
    partitions: ['ACCOUNT#*', 'SESSION#*'],
    media: ['read', 'write', 'delete'],
    rings: false,
    checksTokens: true,
  },
  settings: {
    description: 'WhatsApp bots: how the bots behave.',
    memoryMib: 512,
    table: ['GetItem', 'Query', 'UpdateItem'],
    media: [],
    // A session that is up takes another pace at once.
    rings: true,
    checksTokens: true,
  },
  bot: {
    description: 'WhatsApp bots: what the bots answer.',
    memoryMib: 512,
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    // Rules lie with their instance, which is found by its session; what they answer with lies with the account.
    partitions: ['ACCOUNT#*', 'SESSION#*', 'INSTANCE#*'],
    // A rule names an attachment whose bytes are there.
    media: ['read'],
    rings: false,
    checksTokens: true,
  },
  runners: {
    description: 'WhatsApp bots: who works on what, for operators.',
    memoryMib: 512,
    table: ['GetItem', 'Query', 'UpdateItem'],
    // Whether the caller is an operator lies with his account; of instances it reads how many a shard has.
    partitions: ['RUNNER', 'LEASE', 'LEADER', 'SHARD#*', 'ACCOUNT#*'],
    media: [],
    rings: false,
    checksTokens: true,
  },
  health: {
    description: 'WhatsApp bots: whether the API works.',
    memoryMib: 512,
    table: ['GetItem'],
    // Anybody may call it, and it looks for one record of a shard: nothing of any account is within its reach.
    partitions: ['SHARD#*'],
    media: [],
    rings: false,
    checksTokens: false,
  },
  docs: {
    description: 'WhatsApp bots: the description of the API, and its pages.',
    memoryMib: 512,
    // The same for everybody: what it shows lies beside its code.
    table: [],
    media: [],
    rings: false,
    checksTokens: false,
  },
  fallback: {
    description: 'WhatsApp bots: the answer to unknown routes.',
    memoryMib: 512,
    table: [],
    media: [],
    rings: false,
    checksTokens: false,
  },
};
