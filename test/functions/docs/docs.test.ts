import { readFile } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DOCS_ASSETS } from '#shared/contracts/docs-assets.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { call, errorOf } from '../callers.ts';

const Servers = z.looseObject({ servers: z.array(z.object({ url: z.string() })) });

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => await api.close());

async function get(path: string, headers: Record<string, string> = {}) {
  return await call(api, `GET ${path}`, { headers });
}

describe('GET /openapi.json', () => {
  it('is the committed document, for the address of the call', async () => {
    const answer = await get('/openapi.json');
    const committed = Servers.parse(JSON.parse(await readFile('docs/openapi.json', 'utf8')));

    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json).toEqual({ ...committed, servers: [{ url: api.url }] });
  });

  it('is of https where a proxy says so', async () => {
    const headers = { host: 'api.example.com', 'x-forwarded-proto': 'https' };
    const { servers } = Servers.parse((await get('/openapi.json', headers)).json);

    expect(servers).toEqual([{ url: 'https://api.example.com' }]);
  });

  it.each(['a.example/"><script>', 'user@a.example', 'a.example:99999999'])(
    'keeps to its own address when the call names the host %s',
    async (host) => {
      const { servers } = Servers.parse((await get('/openapi.json', { host })).json);

      expect(servers).toEqual([{ url: 'http://127.0.0.1:3000' }]);
    },
  );
});

describe('GET /docs', () => {
  it('lets only its own script and the files beside it run', async () => {
    const answer = await get('/docs');
    const csp = String(answer.headers['content-security-policy']);
    const nonce = /'nonce-([\w-]+)'/.exec(csp)?.[1];

    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(csp).not.toMatch(/unsafe|https?:|\*/);
    expect(answer.text).toContain(`<script nonce="${nonce}">`);
    expect((await get('/docs')).text).not.toContain(String(nonce));
  });

  it('asks for nothing but what is served here', async () => {
    const { text } = await get('/docs');
    const paths = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);

    expect(paths.length).toBeGreaterThan(2);
    for (const path of paths) expect((await get(path)).status, path).toBe(200);
  });
});

describe('GET /docs/{file}', () => {
  it.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip, br;q=0', gunzipSync],
    [undefined, 'identity', (bytes: Uint8Array) => Buffer.from(bytes)],
  ])('is packed as %s for a caller who takes %s', async (encoding, accept, unpack) => {
    const answer = await get('/docs/swagger-ui.css', { 'accept-encoding': accept });
    const source = DOCS_ASSETS.get('swagger-ui.css')?.source ?? '';

    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers['vary']).toBe('accept-encoding');
    expect(answer.headers['cache-control']).toBe('public, max-age=86400');
    expect(unpack(answer.bytes).equals(await readFile(source))).toBe(true);
  });

  it.each([
    'handler.mjs',
    '..%2Fhandler.mjs',
    '..%2F..%2Fpackage.json',
    'openapi.json',
    '__proto__',
  ])('is a 404 for %s', async (file) => {
    const answer = await get(`/docs/${file}`);

    expect(answer.status).toBe(404);
    expect(errorOf(answer).code).toBe('not_found');
  });
});
