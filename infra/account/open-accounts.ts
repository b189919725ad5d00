import { AccountRepository } from '#shared/repositories/account-repository.ts';
import type { Storage } from '#shared/storage/storage.ts';
import type { Home } from '../operator/home-options.ts';
import type { AccountEnv } from './env.ts';

const DEFAULT_STACK = 'WhatsappBotsData';

export type OpenAccounts = {
  readonly accounts: AccountRepository;
  /** For a person: where they are. */
  readonly place: string;
  close(): Promise<void>;
};

/** Each home is loaded only when it is wanted. Throws `OperatorError`, and what the SDK throws. */
export async function openAccounts(home: Home, env: AccountEnv): Promise<OpenAccounts> {
  switch (home.kind) {
    case 'local': {
      const dataDir = home.dataDir ?? env.DATA_DIR;
      const { openEmbeddedStorage } = await import(
        '#shared/storage/embedded/open-embedded-storage.ts'
      );
      return opened(await openEmbeddedStorage({ dataDir }), `the data folder ${dataDir}`);
    }
    case 'aws': {
      const tableName = await tableOf(home, env);
      const { openAwsStorage } = await import('#shared/storage/aws/open-aws-storage.ts');
      const storage = openAwsStorage({
        tableName,
        target: { ...(home.region !== undefined && { region: home.region }) },
        // Accounts are in the table alone.
        queueUrlBase: '',
        mediaBucket: '',
      });
      return opened(storage, `the table ${tableName}`);
    }
  }
}

async function tableOf(
  { stack, region }: Extract<Home, { kind: 'aws' }>,
  { TABLE_NAME }: AccountEnv,
): Promise<string> {
  if (stack === undefined && TABLE_NAME !== undefined) return TABLE_NAME;
  const { findOutput } = await import('../operator/find-output.ts');
  return await findOutput({ stack: stack ?? DEFAULT_STACK, region }, 'TableName');
}

function opened(storage: Storage, place: string): OpenAccounts {
  return {
    accounts: new AccountRepository(storage.table),
    place,
    close: async () => await storage.close(),
  };
}
