import { describe, expect, it } from 'vitest';
import { type Answer, openOnWire, xmlFault } from './wire.ts';

const PART_BYTES = 8_388_608;
const WRITTEN: Answer = { status: 200 };
const BEGUN: Answer = {
  status: 200,
  type: 'application/xml',
  body: '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>',
};
const COMPLETED: Answer = {
  status: 200,
  type: 'application/xml',
  body: '<CompleteMultipartUploadResult><ETag>"all"</ETag></CompleteMultipartUploadResult>',
};
const BROKEN = xmlFault(500, 'InternalError');
const GONE = xmlFault(404, 'NoSuchUpload');
const DENIED = xmlFault(403, 'AccessDenied');

function aPart(etag: string): Answer {
  return {
    status: 200,
    headers: { etag, 'x-amz-checksum-crc32': `crc-of-${etag.replaceAll('"', '')}` },
  };
}

function aBlob(body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, body, headers: { etag: '"v1"', ...headers } };
}

/** So many bytes in pieces of a megabyte and a bit, and whether the source was told that nobody wants more. */
function aSource(bytes: number, fault?: Error) {
  const seen = { isClosed: false };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for (let left = bytes; left > 0; left -= 1_100_000) {
        yield Buffer.alloc(Math.min(left, 1_100_000), 'x');
      }
      if (fault) throw fault;
    } finally {
      seen.isClosed = true;
    }
  }
  return { pieces: pieces(), seen };
}

async function writeOnWire(bytes: number, answers: readonly Answer[], fault?: Error) {
  const { storage, asked } = await openOnWire(answers);
  const source = aSource(bytes, fault);
  const outcome = await storage.mediaBlobs.write('a/b', source.pieces).catch((cause) => cause);
  const calls = asked.map(({ method, path, body }) => {
    const query = new URL(path, 'http://s3').searchParams;
    query.delete('x-id');
    return `${method} ${query} ${method === 'PUT' ? body.length : ''}`.trim();
  });
  return { outcome, asked, calls, ...source.seen };
}

describe('S3Blobs.write', () => {
  it.each([0, 1, PART_BYTES])('asks once for %d bytes, with a checksum', async (bytes) => {
    const { outcome, asked, calls, isClosed } = await writeOnWire(bytes, [WRITTEN]);
    expect(outcome).toEqual({ bytes });
    expect(calls).toEqual([`PUT  ${bytes}`]);
    expect(asked[0]?.headers['x-amz-checksum-crc32']).toMatch(/./);
    expect(isClosed).toBe(true);
  });

  it('writes what is longer in parts, each with a checksum, and puts them together', async () => {
    const bytes = 2 * PART_BYTES + 5;
    const answers = [BEGUN, aPart('"1"'), aPart('"2"'), aPart('"3"'), COMPLETED];
    const { outcome, asked, calls } = await writeOnWire(bytes, answers);
    expect(outcome).toEqual({ bytes });
    expect(calls).toEqual([
      'POST uploads=',
      `PUT partNumber=1&uploadId=u1 ${PART_BYTES}`,
      `PUT partNumber=2&uploadId=u1 ${PART_BYTES}`,
      'PUT partNumber=3&uploadId=u1 5',
      'POST uploadId=u1',
    ]);
    for (const { headers } of asked.slice(1, 4)) {
      expect(headers['x-amz-checksum-crc32']).toMatch(/./);
    }
    const parts = asked[4]?.body.match(/<PartNumber>\d<\/PartNumber>/g);
    expect(parts).toHaveLength(3);
    expect(asked[4]?.body).toContain('<ChecksumCRC32>crc-of-2</ChecksumCRC32>');
  });

  it('tries a part again that S3 has lost', async () => {
    const answers = [BEGUN, BROKEN, aPart('"1"'), 'lost', aPart('"2"'), COMPLETED] as const;
    const { outcome } = await writeOnWire(PART_BYTES + 1, answers);
    expect(outcome).toEqual({ bytes: PART_BYTES + 1 });
  });

  it('asks nothing when the source breaks before a part is full', async () => {
    const fault = new Error('The phone is gone.');
    const { outcome, calls } = await writeOnWire(1_000, [WRITTEN], fault);
    expect(outcome).toBe(fault);
    expect(calls).toEqual([]);
  });

  it('gives an upload up whose source breaks later', async () => {
    const fault = new Error('The phone is gone.');
    const answers = [BEGUN, aPart('"1"'), aPart('"2"'), { status: 204 }];
    const { outcome, calls } = await writeOnWire(2 * PART_BYTES + 5, answers, fault);
    expect(outcome).toBe(fault);
    expect(calls.at(-1)).toBe('DELETE uploadId=u1');
    expect(calls).not.toContain('POST uploadId=u1');
  });

  it('gives an upload up of which S3 refuses a part, and frees the source', async () => {
    const answers = [BEGUN, DENIED, { status: 204 }];
    const { outcome, calls, isClosed } = await writeOnWire(9 * PART_BYTES, answers);
    expect(outcome).toMatchObject({ name: 'AccessDenied' });
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['POST', 'PUT', 'DELETE']);
    expect(isClosed).toBe(true);
  });

  it('tells the first fault when not even giving up works', async () => {
    const { outcome } = await writeOnWire(PART_BYTES + 1, [BEGUN, DENIED, GONE]);
    expect(outcome).toMatchObject({ name: 'AccessDenied' });
  });

  it('is done when a lost answer has completed the upload', async () => {
    const answers = [BEGUN, aPart('"1"'), aPart('"2"'), 'lost', GONE] as const;
    const { outcome, calls } = await writeOnWire(PART_BYTES + 1, answers);
    expect(outcome).toEqual({ bytes: PART_BYTES + 1 });
    expect(calls.at(-1)).toBe('POST uploadId=u1');
  });

  it('is not done when an upload is gone that nobody has completed', async () => {
    const answers = [BEGUN, aPart('"1"'), aPart('"2"'), GONE];
    const { outcome } = await writeOnWire(PART_BYTES + 1, answers);
    expect(outcome).toMatchObject({ name: 'NoSuchUpload' });
  });
});

describe('S3Blobs.read', () => {
  async function readOnWire(answers: readonly Answer[]) {
    const { storage, asked, sleptMs } = await openOnWire(answers);
    const pieces = await storage.mediaBlobs.read('a');
    const text = async () => Buffer.concat(await Array.fromAsync(pieces ?? [])).toString();
    return { outcome: await text().catch((cause: unknown) => cause), asked, sleptMs };
  }

  it('goes on where a body broke off, with the same version of the blob', async () => {
    const { outcome, asked, sleptMs } = await readOnWire(['brokenOff', aBlob(' and end')]);
    expect(outcome).toBe('begin and end');
    expect(asked[0]?.headers).not.toHaveProperty('range');
    expect(asked[1]?.headers).toMatchObject({ range: 'bytes=5-', 'if-match': '"v1"' });
    expect(sleptMs).toEqual([50]);
  });

  it('does not join two versions of a blob', async () => {
    const { outcome } = await readOnWire(['brokenOff', xmlFault(412, 'PreconditionFailed')]);
    expect(outcome).toMatchObject({ name: 'PreconditionFailed' });
  });

  it('gives up when nothing comes any more', async () => {
    const { outcome, asked } = await readOnWire(['brokenOff', 'brokenOffAtOnce']);
    expect(outcome).toMatchObject({ name: 'BrokenBody' });
    expect(asked).toHaveLength(5);
  });

  it('takes no blob whose checksum is wrong', async () => {
    const { outcome } = await readOnWire([aBlob('bytes', { 'x-amz-checksum-crc32': 'AAAAAA==' })]);
    expect(outcome).toMatchObject({ name: 'BrokenBody' });
  });
});

describe('S3Blobs.stat', () => {
  it('asks for the head alone', async () => {
    const { storage, asked } = await openOnWire([aBlob('12345')]);
    expect(await storage.mediaBlobs.stat('a')).toEqual({ bytes: 5 });
    expect(asked.map(({ method }) => method)).toEqual(['HEAD']);
  });

  it('takes a refusal for no missing blob', async () => {
    const missing = await openOnWire([{ status: 404 }]);
    expect(await missing.storage.mediaBlobs.stat('a')).toBeUndefined();
    const denied = await openOnWire([{ status: 403 }]);
    await expect(denied.storage.mediaBlobs.stat('a')).rejects.toThrow();
  });
});
