import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import { GROUP_ACCESS } from '../api/group-access.ts';
import { copyDocsAssets } from './copy-docs-assets.ts';

export const ROOT_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** Lambda runs this Node, and looks for the `handler` of this file. */
const TARGET = 'node24';
export const HANDLER = 'handler.handler';

/** What a Lambda's code imports in other homes alone: those imports stay as they are written, and are not reached. */
const NOT_ON_LAMBDA = [
  '#shared/storage/embedded/*',
  // The keys of auth states are the runner's alone.
  '*/kms-client.ts',
  // Lambda hands over credentials in the environment, which the SDK tries first.
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
  // Browsers.
  'bowser',
];

/** What a Lambda without a right to media does not reach: S3, the one service of ours that has streams of events. */
const FOR_MEDIA = ['*/s3-client.ts', '@smithy/core/event-streams'];

/** The one Lambda that shows files. */
const DOCS_FOLDER = 'docs';

const OPTIONS = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: TARGET,
  // What is imported only when it is wanted stays a file of its own, which a cold start does not read.
  splitting: true,
  minify: true,
  // The SDK's modules for bundlers leave out what nobody calls; `main` holds it all.
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  // Pino could hand its lines to a thread; ours are written where they are made, and that code is not reached.
  alias: { 'thread-stream': 'node:worker_threads' },
  // CommonJS packages ask for Node's modules by `require`, which an ES module does not have.
  banner: {
    js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);",
  },
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

/** Writes the Lambda of `functions/<folder>/handler.ts` into a folder, as it is deployed. Throws what esbuild finds. */
export function bundleFunction(folder: string, outdir: string): void {
  buildSync({
    ...OPTIONS,
    external: mayUseMedia(folder) ? NOT_ON_LAMBDA : [...NOT_ON_LAMBDA, ...FOR_MEDIA],
    absWorkingDir: ROOT_FOLDER,
    entryPoints: [join(ROOT_FOLDER, 'functions', folder, 'handler.ts')],
    outdir,
  });
  if (folder === DOCS_FOLDER) copyDocsAssets(ROOT_FOLDER, outdir);
}

/** The Lambdas that are no group of operations have no rights to media. */
function mayUseMedia(folder: string): boolean {
  return Object.entries(GROUP_ACCESS).some(
    ([group, { media }]) => group === folder && media.length > 0,
  );
}
