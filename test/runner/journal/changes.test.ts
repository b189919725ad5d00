import { proto } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  type Changes,
  decodeChanges,
  encodeChanges,
  mergeChanges,
} from '#runner/journal/changes.ts';
import { someChanges, storedValue } from './arbitrary-changes.ts';

const recode = (changes: Changes) => decodeChanges(encodeChanges(changes));

/** What `changes` make of `state`, which stays as it is. */
function applied(state: Changes, ...several: Changes[]): Changes {
  const result = structuredClone(state);
  for (const changes of several) applyChanges(result, changes);
  return result;
}

function merged(...several: Changes[]): Changes {
  const result: Changes = {};
  for (const changes of several) mergeChanges(result, changes);
  return result;
}

describe('encodeChanges and decodeChanges', () => {
  it('give back every value that has no undefined in it', () => {
    fc.assert(
      fc.property(storedValue, (value) => {
        expect(recode({ kind: { id: value } })).toEqual({ kind: { id: value } });
      }),
    );
  });

  it('give back bytes as bytes, whatever holds them', () => {
    const bytes = Uint8Array.from([0, 1, 128, 255]);
    const changes = {
      session: { plain: bytes, buffer: Buffer.from(bytes), deep: { in: [bytes, [bytes]] } },
    };
    const back = recode(changes);
    expect(back).toEqual({
      session: {
        plain: Buffer.from(bytes),
        buffer: Buffer.from(bytes),
        deep: { in: [Buffer.from(bytes), [Buffer.from(bytes)]] },
      },
    });
  });

  it('give back no bytes as no bytes', () => {
    expect(recode({ a: { b: new Uint8Array() } })).toEqual({ a: { b: Buffer.alloc(0) } });
  });

  it('take only the seen part of a larger buffer', () => {
    const view = Buffer.from('0123456789').subarray(3, 6);
    expect(recode({ a: { b: view } })).toEqual({ a: { b: Buffer.from('345') } });
  });

  it('write undefined as null, so that a deletion is not lost', () => {
    expect(recode({ session: { gone: undefined, also: null, in: [undefined] } })).toEqual({
      session: { gone: null, also: null, in: [null] },
    });
  });

  it('keep the bytes of a protobuf message, which its own toJSON would turn into text', () => {
    const keyData = Buffer.from([9, 8, 7]);
    const message = proto.Message.AppStateSyncKeyData.fromObject({
      keyData,
      fingerprint: { rawId: 5, currentIndex: 0, deviceIndexes: [0, 1] },
    });
    const value = recode({ 'app-state-sync-key': { AAAA: message } })['app-state-sync-key']?.[
      'AAAA'
    ];
    expect(value).toMatchObject({ keyData, fingerprint: { rawId: 5, deviceIndexes: [0, 1] } });
    expect(proto.Message.AppStateSyncKeyData.fromObject(Object(value)).keyData).toEqual(keyData);
  });
});

describe('applyChanges and mergeChanges', () => {
  it('one after the other do the same as both merged', () => {
    fc.assert(
      fc.property(someChanges, someChanges, someChanges, (state, first, second) => {
        expect(applied(state, first, second)).toEqual(applied(state, merged(first, second)));
      }),
    );
  });

  it('merge in any grouping', () => {
    fc.assert(
      fc.property(someChanges, someChanges, someChanges, (one, two, three) => {
        expect(merged(merged(one, two), three)).toEqual(merged(one, merged(two, three)));
      }),
    );
  });

  it('change nothing the second time', () => {
    fc.assert(
      fc.property(someChanges, someChanges, (state, changes) => {
        expect(applied(state, changes, changes)).toEqual(applied(state, changes));
      }),
    );
  });

  it('do the same before and after the log', () => {
    fc.assert(
      fc.property(someChanges, someChanges, (state, changes) => {
        expect(applied(state, recode(changes))).toEqual(applied(state, changes));
      }),
    );
  });

  it('do not touch the changes that are merged', () => {
    const second = { session: { a: 1 } };
    const waiting = { session: { b: 2 } };
    mergeChanges(waiting, second);
    expect(second).toEqual({ session: { a: 1 } });
    expect(waiting).toEqual({ session: { a: 1, b: 2 } });
  });
});
