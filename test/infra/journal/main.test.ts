import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MAIN = new URL('../../../infra/journal/main.ts', import.meta.url).pathname;

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'whatsapp-bots-journal-'));
});
afterAll(async () => {
  await rm(dataDir, { recursive: true });
});

/** `npm run journal -- …` on an empty data folder. */
async function journal(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { DATA_DIR: dataDir } });
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  return { stdout, stderr, exitCode };
}

it('exits with 2 when it is not understood, with 0 when it helps, and with 1 when it fails', async () => {
  const [wrong, help, failed] = await Promise.all([
    journal('inspect', '--nope'),
    journal('--help'),
    journal('inspect', '--instance', '65f0c0ffee65f0c0ffee65f0'),
  ]);
  expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
  expect(wrong.stderr).toContain('Try: npm run journal -- --help');
  expect(help).toMatchObject({ exitCode: 0, stderr: '' });
  expect(help.stdout).toContain('restore');
  expect(failed).toMatchObject({ exitCode: 1, stdout: '' });
  expect(failed.stderr).toBe('There is no journal of this instance here.\n');
});
