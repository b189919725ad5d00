import { describe, expect, it } from 'vitest';
import { LogOvertaken, LogTooSlow } from '#runner/journal/auth-log.ts';
import { AuthState } from '#runner/journal/auth-state.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { until } from '../../until.ts';
import { journalOf } from './journal-for-test.ts';
import { kept, openState, reopen } from './state-for-test.ts';

async function keysOf(blobs: Blobs): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of blobs.list('auth/')) keys.push(key);
  return keys;
}

/** Whether it has ended by now, all that was ready having run. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const first = await Promise.race([
    promise.catch(() => undefined),
    new Promise((resolve) => setImmediate(resolve, pending)),
  ]);
  return first !== pending;
}

describe('AuthState', () => {
  it('is empty where nothing was written', async () => {
    const { state } = await openState();
    expect(state.get('session', ['a'])).toEqual({});
    expect(state.all('session')).toEqual({});
    await state.flush();
    expect(state.isDead).toBe(false);
  });

  it('shows a change at once, and after flush to whoever opens the log', async () => {
    const { blobs, state } = await openState();
    state.stage({ session: { a: { root: Buffer.from('x') }, b: 2 } });
    expect(state.get('session', ['a', 'none'])).toEqual({ a: { root: Buffer.from('x') } });
    expect(await kept(blobs, 'session')).toEqual({});
    await state.flush();
    expect(await kept(blobs, 'session')).toEqual({ a: { root: Buffer.from('x') }, b: 2 });
  });

  it('forgets what is deleted', async () => {
    const { blobs, state } = await openState();
    state.stage({ 'pre-key': { 1: 'one', 2: 'two' } });
    await state.flush();
    state.stage({ 'pre-key': { 1: null } });
    expect(state.get('pre-key', ['1', '2'])).toEqual({ 2: 'two' });
    await state.flush();
    expect(await kept(blobs, 'pre-key')).toEqual({ 2: 'two' });
  });

  it('flush waits until the record is durable', async () => {
    const { log, state } = await openState();
    log.shut();
    state.stage({ session: { a: 1 } });
    const flushed = state.flush();
    await until('the append is under way', () => log.begun === 1);
    expect(await hasSettled(flushed)).toBe(false);
    log.release();
    await flushed;
    expect(log.records).toEqual([{ session: { a: 1 } }]);
  });

  it('joins all that is staged during one write into the next record', async () => {
    const { log, state } = await openState();
    log.shut();
    state.stage({ session: { first: 1 } });
    const flushes = [state.flush()];
    await until('the first append is under way', () => log.begun === 1);
    for (let n = 0; n < 50; n += 1) {
      state.stage({ session: { [n]: n }, inbox: { [n]: n } });
      flushes.push(state.flush());
    }
    log.release();
    await Promise.all(flushes);
    expect(log.records).toHaveLength(2);
    expect(Object.keys(log.records[1]?.['session'] ?? {})).toHaveLength(50);
    expect(Object.keys(log.records[1]?.['inbox'] ?? {})).toHaveLength(50);
  });

  it('writes nothing when nothing was staged since', async () => {
    const { log, state } = await openState();
    state.stage({ session: { a: 1 } });
    await state.flush();
    await state.flush();
    expect(log.begun).toBe(1);
  });

  it('keeps changes out of the log until they are released, then writes them as one', async () => {
    const { log, state } = await openState();
    const release = state.hold();
    state.stage({ session: { a: 1 } });
    const flushed = state.flush();
    expect(await hasSettled(flushed)).toBe(false);
    expect(log.begun).toBe(0);
    state.stage({ inbox: { b: 2 } });
    release();
    release();
    await flushed;
    expect(log.records).toEqual([{ session: { a: 1 }, inbox: { b: 2 } }]);
  });

  it('waits for the last of several holds', async () => {
    const { log, state } = await openState();
    const releases = [state.hold(), state.hold()] as const;
    state.stage({ session: { a: 1 } });
    const flushed = state.flush();
    releases[0]();
    releases[0]();
    expect(await hasSettled(flushed)).toBe(false);
    expect(log.begun).toBe(0);
    releases[1]();
    await flushed;
    expect(log.records).toHaveLength(1);
  });

  it('is dead after a failed write: every flush fails with what the log threw', async () => {
    const { blobs, log, state } = await openState();
    state.stage({ session: { before: 1 } });
    await state.flush();
    log.refuse(new Error('the disk is full'));
    state.stage({ session: { lost: 1 } });
    const flushes = await Promise.allSettled([state.flush(), state.flush()]);
    for (const flush of flushes) {
      expect(flush).toMatchObject({ status: 'rejected', reason: new Error('the disk is full') });
    }
    expect(state.isDead).toBe(true);
    state.stage({ session: { later: 1 } });
    await expect(state.flush()).rejects.toThrow('the disk is full');
    expect(log.begun).toBe(2);
    expect(await kept(blobs, 'session')).toEqual({ before: 1 });
  });

  it('tells whoever listens of a failed write, and nobody who went away', async () => {
    const { log, state } = await openState();
    const heard: unknown[] = [];
    state.onFailure((cause) => heard.push(cause));
    state.onFailure(() => heard.push('gone'))();
    const fault = new Error('the disk is full');
    log.refuse(fault);
    state.stage({ session: { a: 1 } });
    await expect(state.flush()).rejects.toThrow();
    expect(heard).toEqual([fault]);
  });

  it('is overtaken as soon as another runner opens the log', async () => {
    const { blobs, state } = await openState();
    const next = await reopen(blobs);
    state.stage({ session: { slow: 1 } });
    await expect(state.flush()).rejects.toThrow(LogOvertaken);
    expect(state.isDead).toBe(true);
    next.stage({ session: { next: 1 } });
    await next.flush();
    expect(await kept(blobs, 'session')).toEqual({ next: 1 });
  });

  it('is gone on with by the same runner after a failed write', async () => {
    const { blobs, log, state } = await openState();
    state.stage({ session: { before: 1 } });
    await state.flush();
    log.refuse(new Error('the disk is full'));
    state.stage({ session: { lost: 1 } });
    await expect(state.flush()).rejects.toThrow('the disk is full');
    const again = await AuthState.open(journalOf(blobs));
    again.stage({ session: { again: 1 } });
    await again.flush();
    expect(await kept(blobs, 'session')).toEqual({ before: 1, again: 1 });
  });

  it('fails when more is staged than may wait behind a record', async () => {
    const { blobs, log, state } = await openState();
    const heard: unknown[] = [];
    state.onFailure((cause) => heard.push(cause));
    log.shut();
    state.stage({ session: { first: 1 } });
    const flushed = state.flush();
    await until('the append is under way', () => log.begun === 1);
    const piece = 'x'.repeat(1_024 * 1_024);
    state.stage({ session: { one: piece } });
    expect(state.isDead).toBe(false);
    state.stage({ session: { two: piece } });
    expect(state.isDead).toBe(true);
    expect(heard).toEqual([expect.any(LogTooSlow)]);
    log.release();
    await flushed;
    await expect(state.flush()).rejects.toThrow(LogTooSlow);
    expect(await kept(blobs, 'session')).toEqual({ first: 1 });
  });

  it('has written everything when it is closed, and takes no more', async () => {
    const { blobs, state } = await openState();
    state.stage({ session: { a: 1 } });
    await state.close();
    expect(state.isDead).toBe(true);
    expect(await kept(blobs, 'session')).toEqual({ a: 1 });
    state.stage({ session: { late: 1 } });
    await expect(state.flush()).rejects.toThrow('closed');
  });

  it('erases everything, in memory of whoever opens it too', async () => {
    const { blobs, state } = await openState();
    state.stage({ creds: { creds: 1 }, session: { a: 1 } });
    await state.flush();
    await state.erase();
    expect(state.isDead).toBe(true);
    expect(await keysOf(blobs)).toEqual([]);
    expect(await kept(blobs, 'creds')).toEqual({});
    state.stage({ creds: { creds: 2 } });
    await expect(state.flush()).rejects.toThrow('erased');
    expect(await keysOf(blobs)).toEqual([]);
  });

  it('leaves nothing behind when it is erased while others still write', async () => {
    const { blobs, log, state } = await openState();
    log.shut();
    state.stage({ creds: { creds: 1 } });
    const flushes = [state.flush()];
    await until('the append is under way', () => log.begun === 1);
    state.stage({ session: { a: 1 } });
    flushes.push(state.flush());
    const erased = state.erase();
    log.release();
    await Promise.allSettled([...flushes, erased]);
    expect(log.begun).toBe(1);
    expect(await keysOf(blobs)).toEqual([]);
  });
});
