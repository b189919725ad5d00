/** What the pages under `/docs` are made of: where each file is kept in this tree, and what it is. */
export type DocsAsset = { readonly source: string; readonly contentType: string };

const VIEWER = 'node_modules/swagger-ui-dist';

/** The document of the API, made by `npm run openapi`. */
export const OPENAPI_ASSET = 'openapi.json';

/**
 * By the names under which they lie beside the bundle of the docs' Lambda, and are asked for at `/docs/{file}`. The
 * infrastructure puts them there.
 */
export const DOCS_ASSETS: ReadonlyMap<string, DocsAsset> = new Map([
  [OPENAPI_ASSET, { source: 'docs/openapi.json', contentType: 'application/json' }],
  [
    'swagger-ui-bundle.js',
    {
      source: `${VIEWER}/swagger-ui-bundle.js`,
      contentType: 'text/javascript; charset=utf-8',
    },
  ],
  [
    'swagger-ui.css',
    { source: `${VIEWER}/swagger-ui.css`, contentType: 'text/css; charset=utf-8' },
  ],
  ['favicon-32x32.png', { source: `${VIEWER}/favicon-32x32.png`, contentType: 'image/png' }],
  [
    'swagger-ui-bundle.js.LICENSE.txt',
    {
      source: `${VIEWER}/swagger-ui-bundle.js.LICENSE.txt`,
      contentType: 'text/plain; charset=utf-8',
    },
  ],
]);
