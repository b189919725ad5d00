import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from './deployment.ts';
import { ROOT_CREDENTIALS } from './harness/emulator.ts';
import type { RunnerTask } from './runner-task.ts';
import { standInRole } from './stand-in-role.ts';

type Options = {
  readonly task: RunnerTask;
  /** Where the files are written that the process has to read, if need be as another user. */
  readonly folder: string;
};

/**
 * With this a process of this machine calls the emulator as the runner's task would, with the rights of its role.
 * ECS hands the credentials of a role out at an address that only tasks have: here the SDK assumes one by itself.
 */
export async function taskRoleEnv(
  { clientEnv }: Deployment,
  { task, folder }: Options,
): Promise<Record<string, string>> {
  const { AWS_ENDPOINT_URL = '', AWS_REGION = '' } = clientEnv;
  const role = await standInRole(task.policies);
  const profile = ['[profile task]', `role_arn = ${role}`, 'source_profile = root'];
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = ROOT_CREDENTIALS;
  const root = [
    '[root]',
    `aws_access_key_id = ${AWS_ACCESS_KEY_ID}`,
    `aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}`,
  ];
  return {
    // Fargate says the region; the endpoint is the emulator's.
    AWS_REGION,
    AWS_ENDPOINT_URL,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PROFILE: 'task',
    AWS_CONFIG_FILE: await writeLines(join(folder, 'task-role.config'), profile),
    AWS_SHARED_CREDENTIALS_FILE: await writeLines(join(folder, 'task-role.credentials'), root),
  };
}

async function writeLines(path: string, lines: readonly string[]): Promise<string> {
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}
