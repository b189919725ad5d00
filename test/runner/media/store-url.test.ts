import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeGuardedDispatcher } from '#runner/http/guarded-dispatcher.ts';
import { UrlUnavailable } from '#runner/media/media-failed.ts';
import { storeUrl } from '#runner/media/store-url.ts';
import { issueTlsIdentity } from '#simulator/media/certificate.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { aScriptedHost } from './media-network.ts';
import { startWebServer } from './web-server.ts';

const KEY = 'sent/one/1';
const LIMITS = { bytesMax: 100_000, timeoutMs: 10_000 };

async function aStore({ allowPrivate = true } = {}) {
  const { storage } = await openForTest();
  const guard = { allowPrivate };
  const dispatcher = makeGuardedDispatcher(guard);
  onTestFinished(async () => await dispatcher.destroy());
  const blobs = storage.mediaBlobs;
  return {
    blobs,
    store: async (url: string, limits = LIMITS) =>
      await storeUrl({ url, key: KEY }, { web: { dispatcher, guard }, blobs }, limits),
  };
}

async function storeFrom(answer: RequestListener, limits = LIMITS) {
  const { store, blobs } = await aStore();
  const web = await startWebServer(answer);
  const outcome = await store(`${web.url}/file`, limits).catch((error: unknown) => error);
  return { outcome, blob: await blobs.get(KEY), web };
}

const redirectTo =
  (location: string, statusCode = 302): RequestListener =>
  (_request, response) =>
    void response.writeHead(statusCode, { location }).end('moved');

describe('storeUrl', () => {
  it('stores what the URL answers, and asks for nothing packed', async () => {
    const file = Buffer.alloc(90_000, 3);
    const { outcome, blob, web } = await storeFrom((_request, response) => void response.end(file));
    expect(outcome).toBeUndefined();
    expect(file.equals(blob ?? Buffer.alloc(0))).toBe(true);
    expect(web.requests).toMatchObject([
      { path: '/file', headers: { 'accept-encoding': 'identity' } },
    ]);
  });

  it.each([301, 302, 303, 307, 308])('follows a redirect by %i', async (statusCode) => {
    const { blob } = await storeFrom((request, response) => {
      if (request.url === '/file') redirectTo('/there?a=1', statusCode)(request, response);
      else response.end(request.url);
    });
    expect(Buffer.from(blob ?? '').toString()).toBe('/there?a=1');
  });

  it('follows three redirects, and no fourth', async () => {
    const hops =
      (count: number): RequestListener =>
      (request, response) => {
        const hop = Number(request.url?.slice('/file'.length));
        if (hop < count) redirectTo(`/file${hop + 1}`)(request, response);
        else response.end('here');
      };
    expect(Buffer.from((await storeFrom(hops(3))).blob ?? '').toString()).toBe('here');
    const { outcome, blob, web } = await storeFrom(hops(4));
    expect(outcome).toMatchObject({ code: 'media_url_failed' });
    expect(blob).toBeUndefined();
    expect(web.requests).toHaveLength(4);
  });

  it('ends a loop of redirects', async () => {
    const { outcome, web } = await storeFrom(redirectTo('/file'));
    expect(outcome).toMatchObject({ code: 'media_url_failed', message: /more than 3/ });
    expect(web.requests).toHaveLength(4);
  });

  it.each([
    ['ftp://example.com/a', 'media_url_refused'],
    ['file:///etc/passwd', 'media_url_refused'],
    ['http://[', 'media_url_failed'],
  ])('does not follow a redirect to %s', async (location, code) => {
    expect((await storeFrom(redirectTo(location))).outcome).toMatchObject({ code });
  });

  it.each([204, 206, 304, 400, 404, 500])('takes nothing from an answer of %i', async (status) => {
    const { outcome, blob } = await storeFrom((_request, response) => {
      response.writeHead(status).end(status === 204 || status === 304 ? undefined : 'an error');
    });
    expect(outcome).toMatchObject({ code: 'media_url_failed', message: new RegExp(`${status}`) });
    expect(blob).toBeUndefined();
  });

  it('refuses a packed answer', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { outcome, blob } = await storeFrom((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    expect(outcome).toMatchObject({ code: 'media_url_failed', message: /compressed/ });
    expect(blob).toBeUndefined();
  });

  it('does not begin with what says that it is too large', async () => {
    const { outcome } = await storeFrom((_request, response) => {
      response.writeHead(200, { 'content-length': LIMITS.bytesMax + 1 }).write('a');
    });
    expect(outcome).toMatchObject({ code: 'media_too_large' });
  });

  it('breaks off what turns out to be too large, and keeps nothing of it', async () => {
    const endless: RequestListener = (_request, response) => {
      const push = () => {
        while (response.write(Buffer.alloc(10_000)));
      };
      response.on('drain', push);
      push();
    };
    const { outcome, blob } = await storeFrom(endless);
    expect(outcome).toMatchObject({ code: 'media_too_large' });
    expect(blob).toBeUndefined();
  });

  it.each([
    ['before it answers', () => undefined],
    ['in the middle', (_request, response) => void response.write('the first half')],
    [
      'over one redirect after the other',
      (request, response) => {
        response.writeHead(302, { location: `${request.url}a` }).write('a');
      },
    ],
  ] satisfies [string, RequestListener][])(
    'gives up on a URL that is slow %s',
    async (_when, answer) => {
      const { outcome, blob } = await storeFrom(answer, { ...LIMITS, timeoutMs: 150 });
      expect(outcome).toMatchObject({ code: 'media_url_failed', message: /in time/ });
      expect(blob).toBeUndefined();
    },
  );

  it('does not trust a server that cannot say who it is', async () => {
    const { store } = await aStore();
    const tls = await issueTlsIdentity(['localhost'], new Date());
    const host = await aScriptedHost({ tls }, (_request, response) => void response.end('file'));
    await expect(store(`https://${host}/`)).rejects.toMatchObject({
      code: 'media_url_failed',
      message: /CERT/,
    });
  });

  it('throws what may pass: a line that breaks', async () => {
    const { outcome, blob } = await storeFrom((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('the first half', () => response.destroy());
    });
    expect(outcome).toBeInstanceOf(UrlUnavailable);
    expect(blob).toBeUndefined();
  });

  it('throws what may pass: a server that is down', async () => {
    const { store } = await aStore();
    const { url } = await startWebServer(() => undefined);
    await expect(store(url.replace(/\d+$/, '1'))).rejects.toBeInstanceOf(UrlUnavailable);
  });
});

describe('storeUrl, of what is not public', () => {
  it.each([
    ['plain http', (port: number) => `http://127.0.0.1:${port}/`],
    ['an address of our own', (port: number) => `https://127.0.0.1:${port}/`],
    ['it in other clothes', (port: number) => `https://[::ffff:7f00:1]:${port}/`],
    ['a name of our own', (port: number) => `https://localhost:${port}/`],
    ['metadata', () => 'https://169.254.169.254/latest/meta-data/'],
  ])('dials nothing for %s', async (_what, toUrl) => {
    const { store } = await aStore({ allowPrivate: false });
    const web = await startWebServer((_request, response) => void response.end('secret'));
    await expect(store(toUrl(web.port))).rejects.toMatchObject({ code: 'media_url_refused' });
    expect(web.connections()).toBe(0);
  });

  it.each([
    ['a written address', (port: number) => `https://127.0.0.1:${port}/secret`],
    ['a name of our own', (port: number) => `https://localhost:${port}/secret`],
    ['plain http', () => 'http://public.example/secret'],
  ])('does not follow a public URL to %s', async (_what, toTarget) => {
    const { storage } = await openForTest();
    const guard = { allowPrivate: false };
    const secret = await startWebServer((_request, response) => void response.end('secret'));
    const web = await startWebServer((request, response) =>
      redirectTo(toTarget(secret.port))(request, response),
    );
    const guarded = makeGuardedDispatcher(guard);
    onTestFinished(async () => await guarded.destroy());
    // The one public host of this test is a local server: a written address is not looked up.
    const dispatcher = guarded.compose((dispatch) => (options, handler) => {
      const isPublic = String(options.origin) === 'https://public.example';
      return dispatch(isPublic ? { ...options, origin: web.url } : options, handler);
    });
    const stored = storeUrl(
      { url: 'https://public.example/file', key: KEY },
      { web: { dispatcher, guard }, blobs: storage.mediaBlobs },
      LIMITS,
    );
    await expect(stored).rejects.toMatchObject({ code: 'media_url_refused' });
    expect(web.requests).toHaveLength(1);
    expect(secret.connections()).toBe(0);
  });

  it('tells a host that does not exist', async () => {
    const { store } = await aStore({ allowPrivate: false });
    const stored = store('https://does-not-exist.invalid/a.png');
    // A machine without a resolver cannot know.
    await expect(stored).rejects.toThrow(/cannot be reached|is away/);
  });
});
