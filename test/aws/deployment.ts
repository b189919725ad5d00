import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { reachableApiUrl } from './ministack-gaps.ts';

/** What the tests are told of the system that was deployed for them. */
export const Deployment = z.strictObject({
  emulator: z.enum(['ministack', 'localstack']),
  endpoint: z.url(),
  /** What a process needs to call the emulator. */
  clientEnv: z.record(z.string(), z.string()),
  /** The outputs of each deployed stack. */
  outputs: z.record(z.string(), z.record(z.string(), z.string())),
  /** The folder of the synthesized templates. */
  assembly: z.string(),
});
export type Deployment = z.infer<typeof Deployment>;

export async function readDeployment(path: string): Promise<Deployment> {
  return Deployment.parse(JSON.parse(await readFile(path, 'utf8')));
}

/** An output of any of the stacks. Throws when none has it. */
export function outputOf({ outputs }: Deployment, name: string): string {
  const found = Object.values(outputs).find((stack) => stack[name] !== undefined)?.[name];
  if (found === undefined) throw new Error(`No stack has an output ${name}.`);
  return found;
}

/** The address of the deployed API, as it is reached from here: what stands before every path. */
export function apiUrlOf(deployment: Deployment): string {
  return reachableApiUrl(outputOf(deployment, 'ApiUrl'), deployment.endpoint);
}
