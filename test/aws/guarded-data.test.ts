import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, outputOf, readDeployment } from './deployment.ts';
import { cleanEnv, deploymentFile } from './env.ts';
import { makeRunFolder } from './run-folder.ts';
import { readRunnerTask } from './runner-task.ts';
import { taskRoleEnv } from './task-role-env.ts';

const PUT_BLOB = new URL('./fixtures/put-blob.ts', import.meta.url).pathname;
const USE_KEY = new URL('./fixtures/use-key.ts', import.meta.url).pathname;
const USE_MEDIA = new URL('./fixtures/use-media.ts', import.meta.url).pathname;
const instance = `auth/ab/${randomUUID()}`;

let deployment: Deployment;
let folder: string;
let runnerEnv: Record<string, string>;

beforeAll(async () => {
  deployment = await readDeployment(deploymentFile());
  folder = await makeRunFolder('role');
  const task = await readRunnerTask(deployment);
  const { NODE_EXTRA_CA_CERTS = '' } = deployment.clientEnv;
  const roleEnv = await taskRoleEnv(deployment, { task, folder });
  runnerEnv = cleanEnv({ ...roleEnv, NODE_EXTRA_CA_CERTS });
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** By the role of the runner, which may write there: the bucket's policy is what stands in its way. */
describe('the journal of auth state', () => {
  const record = `${instance}/j/000000000001`;
  const blobs = [record, `${instance}/snap/000000000001`, `${instance}/key/000000000001-ab`];

  it.each([['nothing'], ['IfMatch'], ['multipart']])(
    'takes nothing that might replace what is there: %s',
    async (condition) => {
      for (const blob of blobs) expect(await putBlob(blob, condition)).toBe('AccessDenied');
    },
  );

  it('takes each blob once', async () => {
    for (const blob of blobs) {
      expect(await putBlob(blob, 'IfNoneMatch')).toBe('done');
      expect(await putBlob(blob, 'IfNoneMatch')).toBe('PreconditionFailed');
    }
  });
});

describe('the key of auth state', () => {
  const useKey = async (context: Record<string, string>) =>
    await run(USE_KEY, outputOf(deployment, 'AuthKeyArn'), JSON.stringify(context));

  it('makes keys that are bound to an instance, and no others', async () => {
    expect(await useKey({ instanceId: 'one' })).toBe('done');
    expect(await useKey({})).toBe('AccessDeniedException');
    expect(await useKey({ instanceId: 'one', more: 'two' })).toBe('AccessDeniedException');
  });
});

describe('media', () => {
  it('are for the runner to write in parts, to read, to share, and to delete', async () => {
    const bucket = outputOf(deployment, 'MediaBucketName');
    const instanceId = randomUUID();
    const found = await run(USE_MEDIA, bucket, instanceId);
    const bytes = 8_388_609;
    expect(JSON.parse(found)).toEqual({
      written: { bytes },
      seen: { bytes },
      read: { bytes },
      nothing: 'nothing',
      brokenOff: 'RangeError',
      uploaded: 200,
      downloaded: 'four',
      deleted: 'nothing',
    });
    // By the root user, who sees what was left behind.
    const s3 = new S3Client({ forcePathStyle: true });
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads.filter(({ Key }) => Key?.includes(instanceId))).toEqual([]);
    s3.destroy();
  });
});

describe('who calls', () => {
  it('may do no more than the role allows', async () => {
    expect(await putBlob('elsewhere/000000000001')).toBe('AccessDenied');
  });

  it('is somebody who is known', async () => {
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'nobody' };
    const stranger = new DynamoDBClient({ credentials });
    const Key = { pk: { S: 'x' }, sk: { S: 'x' } };
    const get = new GetItemCommand({ TableName: outputOf(deployment, 'TableName'), Key });
    await expect(stranger.send(get)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    stranger.destroy();
  });
});

async function putBlob(key: string, condition = 'nothing'): Promise<string> {
  return await run(PUT_BLOB, outputOf(deployment, 'AuthBucketName'), key, condition);
}

/** With the rights of the runner. */
async function run(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, args, { env: runnerEnv })).stdout;
}
