import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chosenPython, wholeEnv } from '../env.ts';
import { findPython } from './find-python.ts';
import { exitCodeOf, runCommand } from './run-command.ts';

export const MINISTACK_VERSION = '1.5.33';

const REQUIREMENTS = new URL('../requirements.txt', import.meta.url).pathname;
const CACHE = new URL('../../../.cache', import.meta.url).pathname;
const INSTALL_TIMEOUT_MS = 240_000;
const PROBE_TIMEOUT_MS = 30_000;

type Options = { readonly workDir: string; readonly signal: AbortSignal };

/** Answers the Python of a virtual environment with MiniStack in it; makes it when it is not whole. */
export async function installMiniStack({ workDir, signal }: Options): Promise<string> {
  const folder = join(CACHE, `ministack-${MINISTACK_VERSION}`);
  const python = join(folder, 'bin/python');
  const wanted = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  const options = {
    env: wholeEnv({ PIP_DISABLE_PIP_VERSION_CHECK: '1' }),
    cwd: workDir,
    output: { logPath: join(workDir, 'pip.log') },
    signal,
  };
  if (await isComplete(folder, wanted)) {
    const probe = [python, '-c', 'import ministack.app'] as const;
    const code = await exitCodeOf(probe, { ...options, timeoutMs: PROBE_TIMEOUT_MS }).catch(
      () => 1,
    );
    if (code === 0) return python;
  }
  // Made aside and moved: a run that is cut off leaves no half of one.
  const fresh = join(CACHE, `ministack-${MINISTACK_VERSION}.${process.pid}`);
  await mkdir(CACHE, { recursive: true });
  try {
    const installing = { ...options, timeoutMs: INSTALL_TIMEOUT_MS };
    await runCommand([await findPython(chosenPython()), '-m', 'venv', fresh], installing);
    await runCommand(
      // biome-ignore format: the options of pip, one thought each.
      [join(fresh, 'bin/python'), '-m', 'pip', 'install', '--quiet', '--no-input', '--require-hashes',
        '--only-binary', ':all:', '-r', REQUIREMENTS],
      installing,
    );
    await writeFile(markerOf(fresh), wanted);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return python;
}

async function isComplete(folder: string, wanted: string): Promise<boolean> {
  return (await readFile(markerOf(folder), 'utf8').catch(() => '')) === wanted;
}

function markerOf(folder: string): string {
  return join(folder, 'requirements.sha256');
}
