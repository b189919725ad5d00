import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRecord, parseRecord, sealRecord } from '#runner/journal/record-codec.ts';
import { decodeHeader, encodeHeader, type RecordHeader } from '#runner/journal/record-header.ts';

const number = fc.nat({ max: 2 ** 31 - 1 }).map((low) => low * 2 ** 16 + (low % 65_536));
const text = fc.string({ maxLength: 40, unit: fc.constantFrom(...'0123456789abcdef-') });

const aHeader: fc.Arbitrary<RecordHeader> = fc.record({
  type: fc.constantFrom('FENCE' as const, 'DATA', 'CLOSE', 'SNAPSHOT'),
  instanceId: text,
  seq: number,
  epoch: number,
  atMs: number,
  hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  writer: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((b) => Buffer.from(b).toString('hex')),
  keyId: text,
});
const aBody = fc.uint8Array({ maxLength: 300 });

const aKey = () => ({ key: randomBytes(32), nonce: randomBytes(12) });

/** What the bytes say, as a reader with the key finds it; `undefined` when it refuses them. */
function read(bytes: Uint8Array, key: Uint8Array) {
  const parsed = parseRecord(bytes);
  const body = parsed && openRecord(parsed, key);
  return parsed && body && { header: parsed.header, body };
}

describe('a header', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(aHeader, (header) => {
        const bytes = encodeHeader(header);
        const decoded = decodeHeader(bytes);
        expect(decoded?.length).toBe(bytes.byteLength);
        expect({ ...decoded?.header, hash: Uint8Array.from(decoded?.header.hash ?? []) }).toEqual(
          header,
        );
      }),
    );
  });

  it('is not read when it is cut off, wherever', () => {
    fc.assert(
      fc.property(aHeader, fc.nat(), (header, cut) => {
        const bytes = encodeHeader(header);
        expect(decodeHeader(bytes.subarray(0, cut % bytes.byteLength))).toBeUndefined();
      }),
    );
  });
});

describe('a record', () => {
  it('is opened as it was sealed', async () => {
    await fc.assert(
      fc.asyncProperty(aHeader, aBody, async (header, body) => {
        const key = aKey();
        const opened = read(await sealRecord(header, body, key), key.key);
        expect(opened?.header.seq).toBe(header.seq);
        expect(Uint8Array.from(opened?.body ?? [1])).toEqual(body);
      }),
    );
  });

  it('is refused when any one bit is another', async () => {
    await fc.assert(
      fc.asyncProperty(aHeader, aBody, fc.nat(), async (header, body, at) => {
        const key = aKey();
        const bytes = Uint8Array.from(await sealRecord(header, body, key));
        const bit = at % (bytes.byteLength * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(read(bytes, key.key)).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it('is refused when it is cut off or goes on, and by another key', async () => {
    await fc.assert(
      fc.asyncProperty(aHeader, aBody, fc.nat(), async (header, body, cut) => {
        const key = aKey();
        const bytes = await sealRecord(header, body, key);
        expect(read(bytes.subarray(0, cut % bytes.byteLength), key.key)).toBeUndefined();
        expect(read(Buffer.concat([bytes, Uint8Array.of(0)]), key.key)).toBeUndefined();
        expect(read(bytes, randomBytes(32))).toBeUndefined();
      }),
    );
  });

  it('shows nothing of its body', async () => {
    const secret = 'the private key of a device';
    const header = { ...fc.sample(aHeader, 1)[0], type: 'DATA' } as RecordHeader;
    const bytes = await sealRecord(header, Buffer.from(secret), aKey());
    expect(Buffer.from(bytes).includes(secret)).toBe(false);
  });

  it('takes a large body, beside the event loop', async () => {
    const key = aKey();
    const body = randomBytes(300_000);
    const [header] = fc.sample(aHeader, 1);
    if (header === undefined) throw new Error('There is a header.');
    const opened = read(await sealRecord(header, body, key), key.key);
    expect(Buffer.from(opened?.body ?? []).equals(body)).toBe(true);
  });
});
