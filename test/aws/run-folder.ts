import { mkdtemp, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deploymentFile } from './env.ts';

/** A fresh folder, which goes with the others of this run when it ends, however it ends. */
export async function makeRunFolder(name: string): Promise<string> {
  return await mkdtemp(join(dirname(deploymentFile()), `${name}-`));
}

/** A log of this run, to write on: `npm run test:aws` shows its end when something failed. */
export async function openRunLog(name: string): Promise<{ fd: number; close(): Promise<void> }> {
  const file = await open(join(dirname(deploymentFile()), `${name}.log`), 'a');
  return { fd: file.fd, close: () => file.close() };
}
