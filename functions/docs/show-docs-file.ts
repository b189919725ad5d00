import { DOCS_ASSETS, OPENAPI_ASSET } from '#shared/contracts/docs-assets.ts';
import { DomainError } from '#shared/domain/error.ts';
import { defineRoute } from '../http/define-route.ts';
import { bytes } from '../http/reply.ts';
import { chooseEncoding, compress } from './compress.ts';
import { readAsset } from './read-asset.ts';

/** The files change with the version of the viewer alone: a browser asks once a day. */
const CACHE_CONTROL = 'public, max-age=86400';

/** A file that the pages are made of, from a list: nothing else can be asked for. */
export const showDocsFile = defineRoute({
  auth: 'none',
  async run({ request: { params, headers } }) {
    const name = params['file'] ?? '';
    const asset = name === OPENAPI_ASSET ? undefined : DOCS_ASSETS.get(name);
    if (!asset) throw new DomainError('not_found', 'There is no such file.');
    const encoding = chooseEncoding(headers['accept-encoding']);
    const packed = await compress(await readAsset(name, asset), encoding);
    return bytes(packed.content, asset.contentType, {
      ...packed.headers,
      'cache-control': CACHE_CONTROL,
    });
  },
});
