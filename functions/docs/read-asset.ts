import { readFile } from 'node:fs/promises';
import type { DocsAsset } from '#shared/contracts/docs-assets.ts';

const BESIDE_THE_BUNDLE = new URL('./assets/', import.meta.url);
const SOURCE_TREE = new URL('../../', import.meta.url);

/** The bytes of an asset. On Lambda it lies beside the code; on one machine it is where the source tree keeps it. */
export async function readAsset(name: string, { source }: DocsAsset): Promise<Buffer> {
  try {
    return await readFile(new URL(name, BESIDE_THE_BUNDLE));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return await readFile(new URL(source, SOURCE_TREE));
  }
}
