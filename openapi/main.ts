/**
 * `npm run openapi` writes docs/openapi.json and docs/postman.json. With `--check` it writes nothing, and fails when
 * one of them is not as it would be written.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { madeFiles } from './made-files.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

for (const { path, content } of await madeFiles()) {
  if (values.check) await check(path, content);
  else await writeFile(path, content);
}

async function check(path: URL, content: string): Promise<void> {
  if ((await readFile(path, 'utf8')) === content) return;
  process.stderr.write(`${path.pathname} is not up to date: npm run openapi\n`);
  process.exitCode = 1;
}
