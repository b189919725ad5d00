import {
  DeleteObjectCommand,
  type DeleteObjectCommandInput,
  GetObjectCommand,
  type GetObjectCommandInput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client as SdkClient,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { hasS3EndpointOverride } from './env.ts';
import { EVERY_ATTEMPT, watchAttempt } from './lost-answers.ts';
import { type SdkTarget, sdkSettings } from './sdk-settings.ts';

/** S3 answers in tens of milliseconds, seldom in seconds. */
const REQUEST_TIMEOUT_MS = 5_000;
const SILENCE_MS = 5_000;
/** The slowest upload that is waited for: 8 MiB in some 20 s. */
const UPLOAD_BYTES_PER_MS_MIN = 500;
/** A runner journals for hundreds of instances at once. */
const SOCKETS_MAX = 100;

const SIGNED_WITH_TYPE = new Set(['content-type', 'host']);

export type S3Client = ReturnType<typeof makeS3Client>;

type Upload = PutObjectCommandInput & { readonly Body: Uint8Array };
type Signing = { readonly expiresIn: number; readonly signingDate: Date };

/** The calls of S3 that the blobs need, on connections of their own. */
export function makeS3Client(target: SdkTarget) {
  const limits = { requestTimeoutMs: REQUEST_TIMEOUT_MS, silenceMs: SILENCE_MS };
  const client = new SdkClient({
    ...sdkSettings(target, { ...limits, socketsMax: SOCKETS_MAX }),
    // An emulator has no name for every bucket.
    forcePathStyle: target.endpoint !== undefined || hasS3EndpointOverride(),
    // Else a presigned upload is signed with the checksum of an empty body, and takes no other.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  client.middlewareStack.add(
    (next, call) => async (args) => await watchAttempt(call, () => next(args)),
    EVERY_ATTEMPT,
  );
  return {
    get: async (input: GetObjectCommandInput) => await client.send(new GetObjectCommand(input)),
    put: async (input: Upload) => {
      const requestTimeout = REQUEST_TIMEOUT_MS + input.Body.length / UPLOAD_BYTES_PER_MS_MIN;
      const checked = new PutObjectCommand({ ...input, ChecksumAlgorithm: 'CRC32' });
      return await client.send(checked, { requestTimeout });
    },
    list: async (input: ListObjectsV2CommandInput) =>
      await client.send(new ListObjectsV2Command(input)),
    delete: async (input: DeleteObjectCommandInput) =>
      await client.send(new DeleteObjectCommand(input)),
    /** With a `ContentType` the upload must carry it; without, the SDK would still sign the one it makes up. */
    presignPut: async (input: PutObjectCommandInput, signing: Signing) =>
      await getSignedUrl(client, new PutObjectCommand(input), {
        ...signing,
        ...(input.ContentType !== undefined && { signableHeaders: SIGNED_WITH_TYPE }),
      }),
    presignGet: async (input: GetObjectCommandInput, signing: Signing) =>
      await getSignedUrl(client, new GetObjectCommand(input), signing),
    close: () => client.destroy(),
  };
}
