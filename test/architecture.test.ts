import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = new URL('..', import.meta.url).pathname;
const SOURCE_FOLDERS = [
  'functions',
  'infra',
  'model',
  'openapi',
  'runner',
  'shared',
  'simulation',
  'simulator',
  'test',
];
const LINES_MAX = 300;

/** A file, what it imports, and whether the layers allow it. */
const PLANTED = [
  ['shared/domain/planted.ts', 'zod', true],
  ['shared/domain/planted.ts', 'node:crypto', false],
  ['shared/domain/planted.ts', '../repositories/keys.ts', false],
  ['shared/contracts/planted.ts', 'pino', false],
  ['shared/contracts/planted.ts', '#functions/deps.ts', false],
  ['shared/domain/planted.ts', 'file-type', false],
  ['shared/media/planted.ts', 'file-type', true],
  ['shared/media/planted.ts', '#runner/deps.ts', false],
  ['shared/media/planted.ts', '../storage/blobs.ts', false],
  ['shared/bot/planted.ts', 're2js', true],
  ['shared/bot/planted.ts', '../domain/settings.ts', true],
  ['shared/bot/planted.ts', '../repositories/keys.ts', false],
  ['shared/domain/planted.ts', 're2js', false],
  ['functions/bot/planted.ts', 're2js', false],
  ['runner/session/planted.ts', 're2js', false],
  ['shared/repositories/planted.ts', '../storage/table.ts', true],
  ['shared/repositories/planted.ts', '../storage/embedded/sqlite-table.ts', false],
  ['shared/storage/planted.ts', './embedded/sqlite-table.ts', false],
  ['shared/storage/embedded/planted.ts', 'node:sqlite', true],
  ['shared/storage/embedded/planted.ts', '@aws-sdk/client-sqs', false],
  ['shared/storage/aws/planted.ts', '@aws-sdk/client-sqs', true],
  ['shared/storage/aws/planted.ts', '../embedded/sqlite-table.ts', false],
  ['shared/storage/aws/planted.ts', '#runner/deps.ts', false],
  ['shared/log/planted.ts', '#runner/deps.ts', false],
  ['shared/log/planted.ts', '@whiskeysockets/baileys', false],
  ['functions/auth/planted.ts', '#shared/domain/error.ts', true],
  ['functions/auth/planted.ts', '#runner/deps.ts', false],
  ['functions/auth/planted.ts', '@whiskeysockets/baileys', false],
  ['functions/messages/planted.ts', '#shared/media/sniff-type.ts', true],
  ['functions/messages/planted.ts', 'file-type', false],
  ['functions/routes.ts', 'zod', false],
  ['functions/auth/planted.ts', '../../openapi/make-document.ts', false],
  ['openapi/groups/planted.ts', '#functions/auth/handler.ts', true],
  ['openapi/groups/planted.ts', '#shared/repositories/keys.ts', false],
  ['openapi/planted.ts', '#runner/deps.ts', false],
  ['openapi/planted.ts', '../infra/config.ts', false],
  ['runner/session/planted.ts', '#shared/domain/error.ts', true],
  ['runner/session/planted.ts', '#functions/deps.ts', false],
  ['runner/session/planted.ts', '#simulator/simulator.ts', false],
  ['runner/session/planted.ts', '@whiskeysockets/baileys', false],
  ['runner/media/planted.ts', '@whiskeysockets/baileys', false],
  ['runner/media/planted.ts', 'file-type', false],
  ['runner/whatsapp/planted.ts', '@whiskeysockets/baileys', true],
  ['runner/whatsapp/planted.ts', '@middy/core', false],
  ['simulator/server/planted.ts', 'ws', true],
  ['simulator/server/planted.ts', '@whiskeysockets/baileys', false],
  ['simulator/server/planted.ts', '#shared/domain/error.ts', false],
  ['simulation/planted.ts', '#runner/runner.ts', true],
  ['simulation/planted.ts', '#simulator/simulator.ts', false],
  ['simulation/planted.ts', '#functions/deps.ts', false],
  ['simulation/planted.ts', '@whiskeysockets/baileys', false],
  ['model/planted.ts', '../explore.ts', true],
  ['model/planted.ts', 'node:util', true],
  ['model/planted.ts', '#shared/contracts/metrics.ts', false],
  ['model/journal/planted.ts', '../../runner/journal/changes.ts', false],
  ['model/journal/planted.ts', 'zod', false],
  ['infra/planted.ts', '#functions/routes.ts', true],
  ['infra/planted.ts', '#shared/contracts/metrics.ts', true],
  ['infra/planted.ts', '#shared/repositories/keys.ts', false],
  ['infra/planted.ts', '#functions/deps.ts', false],
  ['infra/planted.ts', '#runner/runner.ts', false],
  ['infra/account/planted.ts', '#shared/repositories/keys.ts', true],
  ['infra/account/planted.ts', '#functions/deps.ts', false],
  ['infra/local/planted.ts', '#functions/deps.ts', true],
  ['infra/local/planted.ts', '@whiskeysockets/baileys', false],
] as const;

describe('the layers', () => {
  let folder: string;
  let refused: Set<string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layers-'));
    await copyFile(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    for (const [index, [path, imported]] of PLANTED.entries()) {
      const planted = join(folder, plantedPath(path, index));
      await mkdir(dirname(planted), { recursive: true });
      await writeFile(planted, `import { x } from '${imported}';\n\nexport const y = x;\n`);
    }
    refused = await lintedAsRestricted(folder);
  });
  afterAll(async () => await rm(folder, { recursive: true }));

  it.each(PLANTED.map(([...planted], index) => ({ planted, index })))(
    '$planted.0 importing $planted.1 is allowed: $planted.2',
    ({ planted: [path, , isAllowed], index }) => {
      expect(refused.has(plantedPath(path, index))).toBe(!isAllowed);
    },
  );
});

describe('the house', () => {
  it('has no file of more than 300 lines', async () => {
    const files = await sourceFiles();
    expect(files.length).toBeGreaterThan(100);
    const lines = await Promise.all(
      files.map(async (file) => ({
        file,
        lines: (await readFile(join(ROOT, file), 'utf8')).split('\n').length - 1,
      })),
    );
    expect(lines.filter((file) => file.lines > LINES_MAX)).toEqual([]);
  });

  it('has no file that only hands on others', async () => {
    const files = await sourceFiles();
    expect(files.filter((file) => file.endsWith('/index.ts'))).toEqual([]);
  });
});

/** `functions/routes.ts` is a rule for one file: it keeps its name, in a folder of its own. */
function plantedPath(path: string, index: number): string {
  return path.replace('planted.ts', `planted-${index}.ts`);
}

async function lintedAsRestricted(folder: string): Promise<Set<string>> {
  const biome = join(ROOT, 'node_modules/.bin/biome');
  const run = promisify(execFile)(
    biome,
    ['lint', '--reporter=json', '--max-diagnostics=none', '.'],
    {
      cwd: folder,
    },
  );
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const report: { diagnostics: { category: string; location: { path: string } }[] } =
    JSON.parse(stdout);
  return new Set(
    report.diagnostics
      .filter(({ category }) => category === 'lint/style/noRestrictedImports')
      .map(({ location }) => location.path),
  );
}

async function sourceFiles(): Promise<string[]> {
  const entries = await Promise.all(
    SOURCE_FOLDERS.map(async (top) =>
      (await readdir(join(ROOT, top), { recursive: true })).map((file) => `${top}/${file}`),
    ),
  );
  return entries.flat().filter((file) => file.endsWith('.ts'));
}
