import { createServer, type Server } from 'node:net';
import fc from 'fast-check';
import { Agent, type Dispatcher } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  assertDiallable,
  ForbiddenAddress,
  makeGuardedDispatcher,
} from '#runner/http/guarded-dispatcher.ts';
import { MediaFailed } from '#runner/media/media-failed.ts';
import { storeUrl } from '#runner/media/store-url.ts';
import { checkWebhookUrl } from '#shared/domain/webhook-url.ts';
import { type ApiUnderTest, startApi } from '../functions/api-under-test.ts';
import {
  type Account,
  aLinkedInstance,
  anAccount,
  call,
  faultPaths,
  type OwnedInstance,
} from '../functions/callers.ts';
import { type FileServer, openFileServer } from './file-server.ts';
import { hostileUrls } from './hostile-urls.ts';
import { inLanes } from './in-lanes.ts';

const URLS = 10_000;
/** Of these, by each call. */
const CALLED = 1_000;
const REDIRECTS = 3_000;
const SEED = 20_261_125;
const CHAT = '2349048988056';
const STRICT = { allowPrivate: false };
const PUBLIC = 'https://files.example.com';

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
let listener: Server;
let port: number;
let dials = 0;
let urls: string[];
let web: FileServer;

beforeAll(async () => {
  listener = createServer((socket) => {
    dials += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  port = address.port;
  urls = fc.sample(hostileUrls(port), { seed: SEED, numRuns: URLS });
  api = await startApi();
  account = await anAccount(api);
  instance = await aLinkedInstance(api, account);
  web = await openFileServer({
    '/to': (request, response) => {
      const [, location = ''] = request.url?.split('?') ?? [];
      response.writeHead(302, { location: decodeURIComponent(location) }).end();
    },
  });
});

afterAll(async () => {
  await api.close();
  await web.close();
  listener.close();
});

/** The calls that take a URL, where it goes, and how the fault is called. */
const CALLS = [
  {
    route: 'POST /whatsapp/message/fileurl',
    path: 'url',
    body: (url: string) => ({ chatId: CHAT, type: 'image', url }),
  },
  {
    route: 'POST /whatsapp/message/MediaButton',
    path: 'btndata.image',
    body: (image: string) => ({
      chatId: CHAT,
      btndata: { text: 'x', image, buttons: [{ type: 'replyButton', title: 'Yes' }] },
    }),
  },
  {
    route: 'PUT /whatsapp/setWebhook',
    path: 'webhook_url',
    body: (webhook_url: string) => ({ webhook_url, events: 'all' }),
  },
] as const;

it('refuses ten thousand ways to write a private address', () => {
  const passed = urls.filter((url) => checkWebhookUrl(url, STRICT).kind !== 'refused');
  expect(passed).toEqual([]);
});

it.each(CALLS)(
  '$route names the field of one',
  async ({ route, path, body }) => {
    const wrong: unknown[] = [];
    await inLanes(urls.slice(0, CALLED), async (url) => {
      const json = { ...instance.credentials, ...body(url) };
      const answer = await call(api, route, { headers: account.headers, json });
      if (answer.status !== 400 || !faultPaths(answer).includes(path)) {
        wrong.push([url, answer.status, answer.text]);
      }
    });
    expect(wrong).toEqual([]);
    expect(dials).toBe(0);
  },
  60_000,
);

it('would dial none of them, if one came as far as the runner', async () => {
  const parsed = urls.flatMap((url) => (URL.canParse(url) ? [new URL(url)] : []));
  const passed = parsed.filter((url) => !isRefused(url));
  // What remains are names, which are looked up when they are dialled.
  expect(passed.filter(isAddress)).toEqual([]);
  expect(parsed.length).toBeGreaterThan(URLS / 2);

  const dispatcher = makeGuardedDispatcher(STRICT);
  const locals = new Set(
    passed.flatMap(({ hostname, href }) => (LOCAL.test(hostname) ? href : [])),
  );
  expect(locals.size).toBeGreaterThan(0);
  for (const url of locals) {
    await expect(store(url, dispatcher)).rejects.toMatchObject({ code: 'media_url_refused' });
  }
  await dispatcher.close();
  expect(dials).toBe(0);
});

it('follows no redirect to any of them', async () => {
  const guarded = makeGuardedDispatcher(STRICT);
  const toWeb = new Agent();
  // Only the first host, which stands for one in the open, is found here; all else is dialled as ever.
  const dispatcher = guarded.compose((dispatch) => (options, handler) => {
    if (options.origin?.toString() !== PUBLIC) return dispatch(options, handler);
    return toWeb.dispatch({ ...options, origin: web.origin }, handler);
  });
  const targets = urls.filter(isHeader).filter(leadsToAddress).slice(0, REDIRECTS);
  expect(targets).toHaveLength(REDIRECTS);
  const wrong: unknown[] = [];
  await inLanes(targets, async (target) => {
    const url = `${PUBLIC}/to?${encodeURIComponent(target)}`;
    const fault = await store(url, dispatcher).catch((error: unknown) => error);
    const isRight = fault instanceof MediaFailed && fault.code === 'media_url_refused';
    if (!isRight) wrong.push([target, fault]);
  });
  expect(wrong).toEqual([]);
  expect(web.paths.filter((path) => path === '/to')).toHaveLength(targets.length);
  expect(dials).toBe(0);
  await guarded.close();
  await toWeb.close();
}, 60_000);

it('would have noticed a dial', async () => {
  const sandbox = { allowPrivate: true };
  const dispatcher = makeGuardedDispatcher(sandbox);
  await expect(store(`https://127.0.0.1:${port}/`, dispatcher, sandbox)).rejects.toThrow();
  await dispatcher.close();
  expect(dials).toBe(1);
});

function isRefused(url: URL): boolean {
  try {
    assertDiallable(url, STRICT);
    return false;
  } catch (error) {
    return error instanceof ForbiddenAddress;
  }
}

/** Every machine knows it by itself. */
const LOCAL = /^localhost$/;

function isAddress({ hostname }: URL): boolean {
  return /^\[|^[\d.]+$/.test(hostname);
}

/** A header has ASCII alone. */
function isHeader(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text);
}

/** What reads as a path of the host that redirects leads nowhere else. */
function leadsToAddress(text: string): boolean {
  return URL.canParse(text, PUBLIC) && isAddress(new URL(text, PUBLIC));
}

/** As the runner fetches the file of a message. */
async function store(url: string, dispatcher: Dispatcher, guard = STRICT): Promise<void> {
  const blobs = {
    write: async (_key: string, pieces: AsyncIterable<Uint8Array>) => {
      let bytes = 0;
      for await (const piece of pieces) bytes += piece.length;
      return { bytes };
    },
  };
  await storeUrl({ url, key: 'sent/one/1' }, { web: { dispatcher, guard }, blobs });
}
