import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DOCS_ASSETS } from '#shared/contracts/docs-assets.ts';

export const ASSETS_FOLDER = 'assets';

/** Puts what the docs' Lambda shows beside its bundle. */
export function copyDocsAssets(rootFolder: string, outdir: string): void {
  const folder = join(outdir, ASSETS_FOLDER);
  mkdirSync(folder, { recursive: true });
  for (const [name, { source }] of DOCS_ASSETS) {
    copyFileSync(join(rootFolder, source), join(folder, name));
  }
}
