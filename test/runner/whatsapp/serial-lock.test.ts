import { describe, expect, it } from 'vitest';
import { SerialLock } from '#runner/whatsapp/serial-lock.ts';

describe('SerialLock', () => {
  it('runs one piece of work at a time, in the order asked', async () => {
    const lock = new SerialLock();
    const steps: string[] = [];
    const first = Promise.withResolvers<void>();
    const works = [
      lock.run(async () => {
        steps.push('first begins');
        await first.promise;
        steps.push('first ends');
      }),
      lock.run(async () => void steps.push('second')),
    ];
    first.resolve();
    await Promise.all(works);
    expect(steps).toEqual(['first begins', 'first ends', 'second']);
  });

  it('goes on after work that failed, and tells who asked for it', async () => {
    const lock = new SerialLock();
    const failed = lock.run(() => Promise.reject(new Error('no')));
    const next = lock.run(async () => 'done');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('done');
  });
});
