import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { sdkSettings } from '#shared/storage/aws/sdk-settings.ts';
import type { SecretVersion, SecretVersions } from './rotating-token-keys.ts';
import { SECRET_BYTES_MIN } from './token-keys.ts';

const LIMITS = { requestTimeoutMs: 1_500, silenceMs: 1_500, socketsMax: 2 };

/** What GetSecretValue throws when the secret has no version at the stage. */
const NOT_FOUND = 'ResourceNotFoundException';

/** Reads what a secret of Secrets Manager has at the stages AWSCURRENT and AWSPREVIOUS. Its value is plain text. */
export function secretReader(secretArn: string): () => Promise<SecretVersions> {
  const client = new SecretsManagerClient(sdkSettings({}, LIMITS));
  const read = async (stage: string): Promise<SecretVersion | undefined> => {
    const command = new GetSecretValueCommand({ SecretId: secretArn, VersionStage: stage });
    try {
      const { SecretString, CreatedDate } = await client.send(command);
      return { key: toKey(SecretString), createdAt: CreatedDate ?? new Date(0) };
    } catch (cause) {
      if (cause instanceof Error && cause.name === NOT_FOUND) return undefined;
      throw cause;
    }
  };
  return async () => {
    const [current, previous] = await Promise.all([read('AWSCURRENT'), read('AWSPREVIOUS')]);
    if (current === undefined) throw new Error('There is no secret of access tokens.');
    return { current, previous };
  };
}

function toKey(text = ''): Uint8Array {
  const key = new TextEncoder().encode(text);
  if (key.byteLength >= SECRET_BYTES_MIN) return key;
  throw new Error(`The secret of access tokens has fewer than ${SECRET_BYTES_MIN} bytes.`);
}
