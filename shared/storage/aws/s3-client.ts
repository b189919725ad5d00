import {
  AbortMultipartUploadCommand,
  type AbortMultipartUploadCommandInput,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteObjectCommand,
  type DeleteObjectCommandInput,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client as SdkClient,
  UploadPartCommand,
  type UploadPartCommandInput,
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
/** S3 puts the parts of some hundred megabytes together in a second or so, and may take longer. */
const COMPLETE_TIMEOUT_MS = 30_000;
/** A runner journals for hundreds of instances at once. */
const SOCKETS_MAX = 100;

const SIGNED_WITH_TYPE = new Set(['content-type', 'content-length', 'host']);
/** Of every body that we send, so that S3 refuses what was changed on its way. */
const CHECKED = { ChecksumAlgorithm: 'CRC32' } as const;

export type S3Client = ReturnType<typeof makeS3Client>;

type Upload = PutObjectCommandInput & { readonly Body: Uint8Array };
type PartUpload = UploadPartCommandInput & { readonly Body: Uint8Array };
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
    head: async (input: HeadObjectCommandInput) => await client.send(new HeadObjectCommand(input)),
    put: async (input: Upload) =>
      await client.send(new PutObjectCommand({ ...input, ...CHECKED }), timeoutOf(input)),
    beginUpload: async (input: CreateMultipartUploadCommandInput) =>
      await client.send(new CreateMultipartUploadCommand({ ...input, ...CHECKED })),
    putPart: async (input: PartUpload) =>
      await client.send(new UploadPartCommand({ ...input, ...CHECKED }), timeoutOf(input)),
    completeUpload: async (input: CompleteMultipartUploadCommandInput) =>
      await client.send(new CompleteMultipartUploadCommand(input), {
        requestTimeout: COMPLETE_TIMEOUT_MS,
      }),
    abortUpload: async (input: AbortMultipartUploadCommandInput) =>
      await client.send(new AbortMultipartUploadCommand(input)),
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

function timeoutOf({ Body }: { readonly Body: Uint8Array }): { requestTimeout: number } {
  return { requestTimeout: REQUEST_TIMEOUT_MS + Body.length / UPLOAD_BYTES_PER_MS_MIN };
}
