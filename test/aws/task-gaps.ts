import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from './deployment.ts';
import type { RunnerTask } from './runner-task.ts';
import type { SimulatorProcess } from './simulator-process.ts';
import { taskRoleEnv } from './task-role-env.ts';

type Options = {
  readonly task: RunnerTask;
  readonly simulator: SimulatorProcess;
  /** Where the files are written that the runner has to read, if need be as another user. */
  readonly folder: string;
  /** PEM: whom the runner must trust besides, for a customer's endpoint. */
  readonly trusted?: readonly string[];
};

/**
 * What a runner's process needs here besides the environment of its task, since no emulator without docker runs
 * tasks, and there is no WhatsApp: everything else it is told comes from the stack.
 */
export async function taskGaps(
  deployment: Deployment,
  { task, simulator, folder, trusted = [] }: Options,
): Promise<Record<string, string>> {
  const { NODE_EXTRA_CA_CERTS } = deployment.clientEnv;
  const emulator =
    NODE_EXTRA_CA_CERTS === undefined ? [] : [await readFile(NODE_EXTRA_CA_CERTS, 'utf8')];
  // The emulator, the simulated media server and the customer have certificates of their own.
  const trustedPath = join(folder, 'trusted.pem');
  await writeFile(trustedPath, [...emulator, simulator.caCertificate, ...trusted].join('\n'));
  return {
    ...(await taskRoleEnv(deployment, { task, folder })),
    NODE_EXTRA_CA_CERTS: trustedPath,
    WHATSAPP_URL: simulator.network.url,
    WHATSAPP_NOISE_ROOT: simulator.network.noiseRoot,
  };
}
