import { createHash, randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { InboundMediaReference } from '#runner/inbound/inbound-message.ts';
import { fetchInboundMedia } from '#runner/media/fetch-inbound-media.ts';
import { aMediaNetwork, aScriptedHost } from './media-network.ts';
import { encryptAsPhone } from './phone-cipher.ts';

const FILE = randomBytes(200_000);
const LIMITS = { timeoutMs: 10_000 };

/** A file that somebody sent, and what the message says of it. */
async function aSealedFile(plain: Buffer = FILE) {
  const { ciphertext, ...seal } = await encryptAsPhone('image', plain);
  const reference: InboundMediaReference = {
    kind: 'image',
    directPath: '/v/file.enc',
    ...seal,
    fileLength: plain.length,
    mimetype: 'image/jpeg',
  };
  return { ciphertext, reference };
}

async function anInbox() {
  const network = await aMediaNetwork();
  const slept: number[] = [];
  const fetch = async (
    reference: InboundMediaReference,
    { hosts = [network.host], limits = LIMITS, waId = '3EB0AA' } = {},
  ) =>
    await fetchInboundMedia(
      { instanceId: 'one', waId, reference },
      {
        blobs: network.blobs,
        dispatcher: network.dispatcher,
        mediaConnection: async () => ({ hosts, auth: '' }),
        sleep: async (delayMs) => void slept.push(delayMs),
      },
      limits,
    );
  return {
    ...network,
    slept,
    fetch,
    /** From a host that answers so. */
    async fetchFrom(answer: RequestListener, given?: InboundMediaReference, limits = LIMITS) {
      const reference = given ?? (await aSealedFile()).reference;
      let requests = 0;
      const host = await aScriptedHost(network, (request, response) => {
        requests += 1;
        answer(request, response);
      });
      const outcome = await fetch(reference, { hosts: [host], limits });
      const keys = await Array.fromAsync(network.blobs.list(''));
      return { outcome, requests, keys };
    },
  };
}

const giving =
  (bytes: Uint8Array): RequestListener =>
  (_request, response) =>
    void response.end(bytes);

describe('fetchInboundMedia', () => {
  it('stores the file of a message, and does not fetch it again', async () => {
    const inbox = await anInbox();
    const { ciphertext, reference } = await aSealedFile();
    const saved = await inbox.files.save(
      Readable.from([ciphertext]),
      Buffer.from(reference.fileEncSha256),
    );
    if (saved.kind !== 'saved') throw new Error(saved.kind);
    const sent = { ...reference, directPath: saved.directPath };
    const outcome = await inbox.fetch(sent);
    expect(outcome).toEqual({
      kind: 'stored',
      key: expect.stringMatching(/^inbound\/one\/[0-9a-f]{64}$/),
      bytes: FILE.length,
      sha256: createHash('sha256').update(FILE).digest('hex'),
      mimetype: 'image/jpeg',
    });
    if (outcome.kind === 'failed') return;
    expect(FILE.equals((await inbox.blobs.get(outcome.key)) ?? Buffer.alloc(0))).toBe(true);
    expect(await inbox.fetch(sent, { hosts: ['localhost:1'] })).toEqual(outcome);
  });

  it('keeps two files apart that came under one id', async () => {
    const inbox = await anInbox();
    const [first, second] = [await aSealedFile(), await aSealedFile(randomBytes(10))];
    const one = await inbox.fetchFrom(giving(first.ciphertext), first.reference);
    const two = await inbox.fetchFrom(giving(second.ciphertext), second.reference);
    expect([one.outcome.kind, two.outcome.kind]).toEqual(['stored', 'stored']);
    expect(two.keys).toHaveLength(2);
  });

  it('tries twice more after a failure that may pass, at the other hosts', async () => {
    const inbox = await anInbox();
    const { ciphertext, reference } = await aSealedFile();
    const failing = await aScriptedHost(
      inbox,
      (_request, response) => void response.writeHead(503).end(),
    );
    const good = await aScriptedHost(inbox, giving(ciphertext));
    const hosts = ['localhost:1', failing, good];
    expect(await inbox.fetch(reference, { hosts })).toMatchObject({ kind: 'stored' });
    expect(inbox.slept).toEqual([1_000, 2_000]);
  });

  it('gives up after that', async () => {
    const inbox = await anInbox();
    const down: RequestListener = (_request, response) => void response.writeHead(500).end();
    const { outcome, requests, keys } = await inbox.fetchFrom(down);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'media_unreachable' });
    expect({ requests, keys }).toEqual({ requests: 3, keys: [] });
  });

  it('throws when our own socket, or our own storage, is away', async () => {
    const inbox = await anInbox();
    const { reference } = await aSealedFile();
    const away = async () => Promise.reject(new Error('away'));
    const deps = { ...inbox, mediaConnection: away, sleep: async () => undefined };
    const media = { instanceId: 'one', waId: '3EB0AA', reference };
    await expect(fetchInboundMedia(media, deps)).rejects.toThrow('away');
    const mediaConnection = async () => ({ hosts: [inbox.host], auth: '' });
    const blobs = { stat: async () => undefined, write: away };
    await expect(fetchInboundMedia(media, { ...deps, mediaConnection, blobs })).rejects.toThrow(
      'away',
    );
  });
});

describe('fetchInboundMedia, of what is not to be trusted', async () => {
  const { ciphertext, reference } = await aSealedFile();

  it.each([
    ['cut off at its end', ciphertext.subarray(0, -1), reference],
    ['cut off in the middle', ciphertext.subarray(0, 100_000), reference],
    ['nothing', Buffer.alloc(0), reference],
    ['longer', Buffer.concat([ciphertext, Buffer.alloc(16)]), reference],
    ['of another MAC', Buffer.concat([ciphertext.subarray(0, -10), Buffer.alloc(10)]), reference],
    ['another file', (await aSealedFile()).ciphertext, reference],
    ['of another hash', ciphertext, { ...reference, fileSha256: randomBytes(32) }],
    [
      'of another hash when encrypted',
      ciphertext,
      { ...reference, fileEncSha256: randomBytes(32) },
    ],
    ['of another kind', ciphertext, { ...reference, kind: 'video' as const }],
  ])('keeps nothing of a file that is %s', async (_what, bytes, said) => {
    const inbox = await anInbox();
    const { outcome, requests, keys } = await inbox.fetchFrom(giving(bytes), said);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'media_damaged' });
    expect({ requests, keys }).toEqual({ requests: 1, keys: [] });
  });

  it.each([
    ['that says so', { ...reference, fileLength: 104_857_601 }, giving(ciphertext), 0],
    [
      'of which the host says so',
      reference,
      (_request, response) =>
        void response.writeHead(200, { 'content-length': 104_857_700 }).write('a'),
      1,
    ],
    [
      'that turns out to be so',
      reference,
      (_request, response) => {
        const piece = Buffer.alloc(1_000_000);
        const push = () => {
          while (response.write(piece));
        };
        response.on('drain', push);
        push();
      },
      1,
    ],
  ] satisfies [string, InboundMediaReference, RequestListener, number][])(
    'keeps nothing of a file that is too large: one %s',
    async (_what, said, answer, asked) => {
      const inbox = await anInbox();
      const { outcome, requests, keys } = await inbox.fetchFrom(answer, said);
      expect(outcome).toMatchObject({ kind: 'failed', code: 'media_too_large' });
      expect({ requests, keys }).toEqual({ requests: asked, keys: [] });
    },
  );

  it.each([
    [404, 'media_gone'],
    [410, 'media_gone'],
    [403, 'media_gone'],
    [302, 'media_unreachable'],
    [206, 'media_unreachable'],
    [400, 'media_unreachable'],
  ] as const)('fails at once when the host answers %i', async (status, code) => {
    const inbox = await anInbox();
    const { outcome, requests } = await inbox.fetchFrom((_request, response) => {
      response.writeHead(status, { location: 'https://localhost:1/' }).end();
    });
    expect(outcome).toMatchObject({ kind: 'failed', code });
    expect(requests).toBe(1);
  });

  it.each([
    ['before it answers', () => undefined],
    ['in the middle', (_request, response) => void response.write(ciphertext.subarray(0, 10_000))],
  ] satisfies [string, RequestListener][])(
    'gives up on a host that is slow %s',
    async (_when, answer) => {
      const inbox = await anInbox();
      const { outcome, keys } = await inbox.fetchFrom(answer, reference, { timeoutMs: 150 });
      expect(outcome).toMatchObject({ kind: 'failed', code: 'media_unreachable' });
      expect(keys).toEqual([]);
    },
  );

  it.each([
    '@localhost:PORT/secret',
    ':PORT/secret',
    'https://localhost:PORT/secret',
    '.localhost:PORT/',
    '',
  ])('dials nothing for the path %s', async (path) => {
    const inbox = await anInbox();
    let requests = 0;
    const host = await aScriptedHost(inbox, (_request, response) => {
      requests += 1;
      response.end('secret');
    });
    const directPath = path.replace('PORT', host.split(':')[1] ?? '');
    const outcome = await inbox.fetch({ ...reference, directPath }, { hosts: ['localhost'] });
    expect(outcome).toMatchObject({ kind: 'failed', code: 'media_unreachable' });
    expect(requests).toBe(0);
  });

  it.each(['//localhost:PORT/secret', '/\\localhost:PORT/secret', '/..//localhost:PORT/'])(
    'stays at its host for the path %s',
    async (path) => {
      const inbox = await anInbox();
      let requests = 0;
      const other = await aScriptedHost(inbox, (_request, response) => {
        requests += 1;
        response.end('secret');
      });
      const directPath = path.replace('PORT', other.split(':')[1] ?? '');
      const outcome = await inbox.fetch({ ...reference, directPath });
      expect(outcome).toMatchObject({ kind: 'failed', code: 'media_gone' });
      expect(requests).toBe(0);
    },
  );
});
