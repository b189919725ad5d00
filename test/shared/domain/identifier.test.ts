import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  GroupedHex,
  ObjectId,
  toGroupedHex,
  toObjectId,
  toOrderedId,
  Ulid,
} from '#shared/domain/identifier.ts';

const EPOCH_S_MAX = 0xffffffff;
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const epochS = fc.integer({ min: 0, max: EPOCH_S_MAX });

describe('toObjectId', () => {
  it('makes what the schema takes, of any time and any bytes', () => {
    fc.assert(
      fc.property(epochS, bytes(8), (time, random) => {
        expect(ObjectId.safeParse(toObjectId(time, random)).success).toBe(true);
      }),
    );
  });

  it('keeps the order of time in the order of text', () => {
    fc.assert(
      fc.property(epochS, epochS, bytes(8), bytes(8), (a, b, randomA, randomB) => {
        fc.pre(a < b);
        expect(toObjectId(a, randomA) < toObjectId(b, randomB)).toBe(true);
      }),
    );
  });

  it('has the seconds first, whole ones', () => {
    expect(toObjectId(1.9, new Uint8Array(8))).toBe('000000010000000000000000');
  });
});

const time = fc.date({
  min: new Date('2020-01-01'),
  max: new Date('2100-01-01'),
  noInvalidDate: true,
});
const random = bytes(6);

describe('toOrderedId', () => {
  it('is an id like every other, later ones after earlier ones', () => {
    fc.assert(
      fc.property(time, fc.integer({ min: 1, max: 5_000 }), random, random, (at, ms, a, b) => {
        const id = toOrderedId(at, a);
        const later = toOrderedId(new Date(at.getTime() + ms), b);
        expect(ObjectId.safeParse(id).success).toBe(true);
        expect(id < later).toBe(true);
      }),
    );
  });

  it('is another one for others at the same time', () => {
    fc.assert(
      fc.property(time, random, random, (at, a, b) => {
        expect(toOrderedId(at, a) === toOrderedId(at, b)).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });
});

describe('toGroupedHex', () => {
  it('makes what the schema takes, and loses none of the 128 bits', () => {
    fc.assert(
      fc.property(bytes(16), (random) => {
        const text = toGroupedHex(random);
        expect(GroupedHex.safeParse(text).success).toBe(true);
        expect(Buffer.from(text.replaceAll('-', ''), 'hex')).toEqual(Buffer.from(random));
      }),
    );
  });
});

it('takes no other form', () => {
  expect(ObjectId.safeParse('6B031E3ACE83026C2161DEA1').success).toBe(false);
  expect(GroupedHex.safeParse('0184-28a5-439a-a1cd-fc6f').success).toBe(false);
  expect(Ulid.safeParse('01ARZ3NDEKTSV4RRFFQ69G5FAI').success).toBe(false);
  expect(Ulid.safeParse('01ARZ3NDEKTSV4RRFFQ69G5FAV').success).toBe(true);
});
