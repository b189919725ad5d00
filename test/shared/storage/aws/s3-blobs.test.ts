import { describe, expect, it } from 'vitest';
import { AlreadyExists } from '#shared/storage/blobs.ts';
import { type Answer, openOnWire, xmlFault } from './wire.ts';

const BYTES = new TextEncoder().encode('mine');
const WRITTEN: Answer = { status: 200 };
const TAKEN = xmlFault(412, 'PreconditionFailed');
const CONFLICT = xmlFault(409, 'ConditionalRequestConflict');
const SLOW_DOWN = xmlFault(503, 'SlowDown');
const BROKEN = xmlFault(500, 'InternalError');
const MINE: Answer = { status: 200, body: 'mine' };
const ANOTHERS: Answer = { status: 200, body: 'another’s' };
const GONE = xmlFault(404, 'NoSuchKey');

async function putOnWire(...answers: readonly Answer[]) {
  const wire = await openOnWire(answers);
  const put = wire.storage.authBlobs.putIfAbsent('a/1', BYTES);
  const outcome = await put.then(
    () => 'written',
    (cause: unknown) => (cause instanceof Error ? cause.name : 'unknown'),
  );
  return { outcome, wire, methods: wire.asked.map(({ method }) => method) };
}

describe('S3Blobs.putIfAbsent', () => {
  it('asks S3 to write only where nothing is, with a checksum', async () => {
    const { outcome, wire } = await putOnWire(WRITTEN);
    expect(outcome).toBe('written');
    expect(wire.asked[0]).toMatchObject({ method: 'PUT', body: 'mine' });
    expect(wire.asked[0]?.path).toMatch(/^\/auth\/a\/1\b/);
    expect(wire.asked[0]?.headers).toMatchObject({ 'if-none-match': '*' });
    expect(wire.asked[0]?.headers['x-amz-checksum-crc32']).toMatch(/./);
  });

  it('believes at once that the key is taken', async () => {
    const { outcome, methods } = await putOnWire(TAKEN, MINE);
    expect(outcome).toBe('AlreadyExists');
    expect(methods).toEqual(['PUT']);
  });

  it.each([
    ['after a lost answer', ['lost', TAKEN, MINE]],
    ['after a 500', [BROKEN, TAKEN, MINE]],
    ['after a lost answer and a conflict with itself', ['lost', CONFLICT, TAKEN, MINE]],
  ] as const)('is done when it meets its own bytes %s', async (_name, answers) => {
    const { outcome, methods } = await putOnWire(...answers);
    expect(outcome).toBe('written');
    expect(methods.at(-1)).toBe('GET');
    expect(methods).toHaveLength(answers.length);
  });

  it.each([
    ['other bytes', ANOTHERS],
    ['nothing any more', GONE],
  ] as const)('is refused when it meets %s after a lost answer', async (_name, found) => {
    expect((await putOnWire('lost', TAKEN, found)).outcome).toBe('AlreadyExists');
  });

  it('tries the same slot again after a conflict, and then obeys the answer', async () => {
    const { outcome, wire } = await putOnWire(CONFLICT, CONFLICT, WRITTEN);
    expect(outcome).toBe('written');
    expect(new Set(wire.asked.map(({ path }) => path)).size).toBe(1);
    expect(wire.sleptMs).toEqual([50, 100]);
    const taken = await putOnWire(CONFLICT, TAKEN, MINE);
    expect(taken.outcome).toBe('AlreadyExists');
    expect(taken.methods).toEqual(['PUT', 'PUT']);
  });

  it('does not try for ever, and takes a conflict for no answer', async () => {
    const { outcome, methods } = await putOnWire(CONFLICT);
    expect(outcome).toBe('ConditionalRequestConflict');
    expect(methods).toHaveLength(7);
  });

  it('tries again when S3 is busy', async () => {
    expect((await putOnWire(SLOW_DOWN, WRITTEN)).outcome).toBe('written');
  });

  it('carries the cause', async () => {
    const { storage } = await openOnWire([TAKEN]);
    const put = storage.mediaBlobs.putIfAbsent('a', BYTES);
    await expect(put).rejects.toBeInstanceOf(AlreadyExists);
    await expect(put).rejects.toMatchObject({ cause: { name: 'PreconditionFailed' } });
  });
});

describe('S3Blobs.get', () => {
  it('reads a blob again that broke off in the middle, and not for ever', async () => {
    const { storage } = await openOnWire(['brokenOff', MINE]);
    expect(Buffer.from((await storage.mediaBlobs.get('a')) ?? []).toString()).toBe('mine');
    const always = await openOnWire(['brokenOff']);
    await expect(always.storage.mediaBlobs.get('a')).rejects.toMatchObject({ name: 'BrokenBody' });
    expect(always.asked).toHaveLength(7);
  });

  it('takes a refusal for no missing blob', async () => {
    const { storage } = await openOnWire([xmlFault(403, 'AccessDenied')]);
    await expect(storage.mediaBlobs.get('a')).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('S3Blobs.list', () => {
  it('reads page after page, and keys that XML could not carry', async () => {
    const page = (keys: readonly string[], next?: string): Answer => {
      const contents = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
      const more =
        next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`;
      const body = `<ListBucketResult>${contents}${more}</ListBucketResult>`;
      return { status: 200, type: 'application/xml', body };
    };
    const { storage, asked } = await openOnWire([
      page(['a%2Fb+c', 'a%2Fb%2Bc'], 'next'),
      page(['a%2F%EF%BF%BE']),
    ]);
    const keys = await Array.fromAsync(storage.mediaBlobs.list('a/'));
    expect(keys).toEqual(['a/b c', 'a/b+c', 'a/\ufffe']);
    expect(asked[0]?.path).toContain('encoding-type=url');
    expect(asked[1]?.path).toContain('continuation-token=next');
  });
});

describe('the presigned URLs of S3Blobs', () => {
  const NOW = new Date('2026-11-22T10:00:00.900Z');

  it('live for whole seconds, from the second in which they were signed', async () => {
    const { storage, asked } = await openOnWire([WRITTEN], NOW);
    const { url, expiresAt } = await storage.mediaBlobs.presignDownload('a', {
      expiresInMs: 2_500,
    });
    expect(expiresAt).toEqual(new Date('2026-11-22T10:00:02.000Z'));
    const { searchParams } = new URL(url);
    expect(searchParams.get('X-Amz-Date')).toBe('20261122T100000Z');
    expect(searchParams.get('X-Amz-Expires')).toBe('2');
    expect(asked).toEqual([]);
  });

  it('sign the type and the length of an upload that has them, and the body of none', async () => {
    const { storage } = await openOnWire([WRITTEN], NOW);
    const signed = async (options: { contentType?: string; bytes?: number }) => {
      const asked = { expiresInMs: 60_000, ...options };
      const { url } = await storage.mediaBlobs.presignUpload('a', asked);
      return new URL(url).searchParams;
    };
    const typed = await signed({ contentType: 'image/png' });
    expect(typed.get('X-Amz-SignedHeaders')).toBe('content-type;host');
    const sized = await signed({ bytes: 5 });
    expect(sized.get('X-Amz-SignedHeaders')).toBe('content-length;host');
    const both = await signed({ contentType: 'image/png', bytes: 5 });
    expect(both.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host');
    const untyped = await signed({});
    expect(untyped.get('X-Amz-SignedHeaders')).toBe('host');
    expect([...untyped.keys()].filter((name) => name.includes('checksum'))).toEqual([]);
  });
});
