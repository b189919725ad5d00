import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import { type Group, routes } from '#functions/routes.ts';
import { GROUP_ACCESS } from '../../infra/api/group-access.ts';
import { ROOT_FOLDER } from '../../infra/lambda/bundle-function.ts';

const GROUPS = [...new Set(routes.map(({ group }) => group))];

it.each(GROUPS)('may ring the doorbells of runners just where its code does: %s', (group) => {
  expect(filesOf(group).includes('functions/ring-instance.ts')).toBe(GROUP_ACCESS[group].rings);
});

/** What of our own code the group's Lambda is made of. */
function filesOf(group: Group): string[] {
  const { metafile } = buildSync({
    absWorkingDir: ROOT_FOLDER,
    entryPoints: [join('functions', group, 'handler.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    metafile: true,
    write: false,
    outdir: 'unwritten',
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs);
}
