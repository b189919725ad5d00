import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#functions/routes.ts';
import { DOCS_ASSETS } from '#shared/contracts/docs-assets.ts';
import { bundleFunction, ROOT_FOLDER } from '../../infra/lambda/bundle-function.ts';
import { ASSETS_FOLDER } from '../../infra/lambda/copy-docs-assets.ts';
import { bytesOf, coldStart, LAMBDAS } from '../bench/cold-start.ts';

const BYTES_MAX = 500_000;
/** What lies beside the code of the docs: the viewer and the document. */
const ASSETS_BYTES_MAX = 3_000_000;

/** Refused for want of credentials or of a body, or no route of the group, or no route at all; the docs are there. */
const STATUS: Readonly<Record<string, number | undefined>> = {
  auth: 400,
  instances: 401,
  messages: 401,
  webhooks: 401,
  settings: 401,
  contacts: 401,
  health: 500,
  docs: 200,
  fallback: 404,
};

describe('the bundles of the Lambdas', () => {
  let folder: string;
  beforeAll(() => {
    // Far from any node_modules: what a bundle leaves out is not there.
    folder = mkdtempSync(join(tmpdir(), 'bundles-'));
    for (const lambda of LAMBDAS) bundleFunction(lambda, join(folder, lambda));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are of every folder that has a handler', () => {
    const functions = join(ROOT_FOLDER, 'functions');
    const withHandler = readdirSync(functions, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('/handler.ts'))
      .map((file) => file.replace('/handler.ts', ''));
    expect(withHandler.sort()).toEqual([...LAMBDAS].sort());
    expect([...new Set(routes.map(({ group }) => group))].sort()).toEqual(
      Object.keys(STATUS).sort(),
    );
  });

  it.each(LAMBDAS)('are small: %s', (lambda) => {
    expect(bytesOf(join(folder, lambda))).toBeLessThanOrEqual(BYTES_MAX);
  });

  it('have the files that the docs show, and no more', () => {
    const assets = join(folder, 'docs', ASSETS_FOLDER);
    expect(readdirSync(assets).sort()).toEqual([...DOCS_ASSETS.keys()].sort());
    expect(bytesOf(assets)).toBeLessThanOrEqual(ASSETS_BYTES_MAX);
    for (const lambda of LAMBDAS.filter((each) => each !== 'docs')) {
      expect(readdirSync(join(folder, lambda)), lambda).not.toContain(ASSETS_FOLDER);
    }
  });

  it('leave S3 out only while no operation opens the media', () => {
    const functions = join(ROOT_FOLDER, 'functions');
    const files = readdirSync(functions, { recursive: true, encoding: 'utf8' });
    const opening = files.filter(
      (file) =>
        file.endsWith('.ts') && readFileSync(join(functions, file), 'utf8').includes('mediaBlobs'),
    );
    expect(opening).toEqual([]);
  });

  it.each(LAMBDAS)('answer by themselves: %s', async (lambda) => {
    const { statusCode } = await coldStart(join(folder, lambda, 'handler.mjs'), lambda);
    expect(statusCode).toBe(STATUS[lambda]);
  });
});
