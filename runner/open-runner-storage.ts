import type { RunnerStorage } from '#shared/storage/storage.ts';
import type { RunnerEnv } from './env.ts';

/** Opens the home that the environment names. Each is loaded only where it is wanted. */
export async function openRunnerStorage(env: RunnerEnv): Promise<RunnerStorage> {
  switch (env.STORAGE) {
    case 'embedded': {
      const home = await import('#shared/storage/embedded/open-embedded-storage.ts');
      return await home.openEmbeddedStorage({ dataDir: env.DATA_DIR, baseUrl: env.PUBLIC_URL });
    }
    case 'aws': {
      const home = await import('#shared/storage/aws/open-aws-storage.ts');
      return home.openAwsRunnerStorage({
        tableName: env.TABLE_NAME,
        queueUrlBase: env.QUEUE_URL_BASE,
        mediaBucket: env.MEDIA_BUCKET,
        authBucket: env.AUTH_BUCKET,
        kmsKeyId: env.KMS_KEY_ID,
      });
    }
  }
}
