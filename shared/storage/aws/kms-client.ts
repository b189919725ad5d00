import {
  DecryptCommand,
  type DecryptCommandInput,
  GenerateDataKeyCommand,
  type GenerateDataKeyCommandInput,
  KMSClient,
} from '@aws-sdk/client-kms';
import { type SdkTarget, sdkSettings } from './sdk-settings.ts';

/** KMS answers in some ten milliseconds. */
const REQUEST_TIMEOUT_MS = 2_000;
const SILENCE_MS = 2_000;
/** A runner that takes over a shard opens the journals of its instances together. */
const SOCKETS_MAX = 50;

export type KmsClient = ReturnType<typeof makeKmsClient>;

/** The calls of KMS that the data keys need, on connections of their own. */
export function makeKmsClient(target: SdkTarget) {
  const limits = { requestTimeoutMs: REQUEST_TIMEOUT_MS, silenceMs: SILENCE_MS };
  const client = new KMSClient(sdkSettings(target, { ...limits, socketsMax: SOCKETS_MAX }));
  return {
    generateDataKey: async (input: GenerateDataKeyCommandInput) =>
      await client.send(new GenerateDataKeyCommand(input)),
    decrypt: async (input: DecryptCommandInput) => await client.send(new DecryptCommand(input)),
    close: () => client.destroy(),
  };
}
