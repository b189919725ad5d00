import { describe, expect, it } from 'vitest';
import { type Answer, openOnWire } from './wire.ts';

const WRITTEN: Answer = { status: 200 };
const SETTINGS = { name: 'q', kind: 'fifo', visibilityMs: 1_000, receivesMax: 3 } as const;

describe('openAwsRunnerStorage', () => {
  it('asks nobody anything before it is used, and can be closed then', async () => {
    const { storage, asked } = await openOnWire([WRITTEN]);
    storage.openQueue(SETTINGS);
    await storage.close();
    expect(asked).toEqual([]);
  });

  it('keeps what customers send and the auth state in buckets of their own', async () => {
    const { storage, asked } = await openOnWire([WRITTEN]);
    await storage.mediaBlobs.put('a', new Uint8Array(1));
    await storage.authBlobs.put('a', new Uint8Array(1));
    expect(asked.map(({ path }) => path.split('?')[0])).toEqual(['/media/a', '/auth/a']);
  });

  it('opens a queue once', async () => {
    const { storage } = await openOnWire([WRITTEN]);
    expect(storage.openQueue(SETTINGS)).toBe(storage.openQueue({ ...SETTINGS }));
  });
});
