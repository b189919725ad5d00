import type { RunnerStorage } from '#shared/storage/storage.ts';
import type { Home } from '../operator/home-options.ts';
import type { JournalEnv } from './env.ts';

const DEFAULT_STACK = 'WhatsappBotsData';

/** What journals are kept in. Each home is loaded only when it is wanted. Throws `OperatorError`. */
export async function openJournals(home: Home, env: JournalEnv): Promise<RunnerStorage> {
  switch (home.kind) {
    case 'local': {
      const { openEmbeddedStorage } = await import(
        '#shared/storage/embedded/open-embedded-storage.ts'
      );
      return await openEmbeddedStorage({ dataDir: home.dataDir ?? env.DATA_DIR });
    }
    case 'aws': {
      const { openAwsRunnerStorage } = await import('#shared/storage/aws/open-aws-storage.ts');
      return openAwsRunnerStorage({
        ...(await whereOnAws(home, env)),
        target: { ...(home.region !== undefined && { region: home.region }) },
        // Journals are in the auth bucket alone.
        tableName: '',
        queueUrlBase: '',
        mediaBucket: '',
      });
    }
  }
}

async function whereOnAws(
  { stack, region }: Extract<Home, { kind: 'aws' }>,
  { AUTH_BUCKET, KMS_KEY_ID }: JournalEnv,
): Promise<{ authBucket: string; kmsKeyId: string }> {
  if (stack === undefined && AUTH_BUCKET !== undefined && KMS_KEY_ID !== undefined) {
    return { authBucket: AUTH_BUCKET, kmsKeyId: KMS_KEY_ID };
  }
  const { findOutput } = await import('../operator/find-output.ts');
  const ref = { stack: stack ?? DEFAULT_STACK, region };
  return {
    authBucket: await findOutput(ref, 'AuthBucketName'),
    kmsKeyId: await findOutput(ref, 'AuthKeyArn'),
  };
}
