import { describe, expect, it, vi } from 'vitest';
import type { AuthState } from '#runner/journal/auth-state.ts';
import { until } from '../../until.ts';
import { kept, openState, reopen, snapshots } from './state-for-test.ts';

/** The FENCE of the opening is one of them. */
const RECORDS_PER_SNAPSHOT = 63;

describe('AuthState, after every 64th record', () => {
  /** Writes records until the next one brings the snapshot. */
  async function writeUpToTheSnapshot(state: AuthState): Promise<void> {
    for (let n = 1; n < RECORDS_PER_SNAPSHOT; n += 1) {
      state.stage({ session: { [n]: n, last: n } });
      await state.flush();
    }
  }

  it('keeps a snapshot, from which the next start goes on', async () => {
    const { blobs, state } = await openState();
    await writeUpToTheSnapshot(state);
    expect(await snapshots(blobs)).toEqual([]);
    state.stage({ session: { 1: null, last: 'with the snapshot' } });
    await state.flush();
    await expect.poll(() => snapshots(blobs)).toEqual([64]);
    const opened = await reopen(blobs);
    expect(opened.all('session')).toEqual(state.all('session'));
    expect(Object.keys(opened.all('session'))).toHaveLength(RECORDS_PER_SNAPSHOT - 1);
    opened.stage({ session: { last: 'after it' } });
    await opened.flush();
    expect(await kept(blobs, 'session')).toMatchObject({ last: 'after it' });
  });

  it('loses nothing that was staged meanwhile and not yet written', async () => {
    const { blobs, log, state } = await openState();
    await writeUpToTheSnapshot(state);
    log.shut();
    state.stage({ session: { last: 'in the record' } });
    const flushes = [state.flush()];
    await until('the append is under way', () => log.begun === RECORDS_PER_SNAPSHOT);
    state.stage({ session: { late: 'after it', 1: null } });
    flushes.push(state.flush());
    log.release();
    await Promise.all(flushes);
    const opened = await reopen(blobs);
    expect(opened.all('session')).toEqual(state.all('session'));
    expect(opened.get('session', ['1', 'last', 'late'])).toEqual({
      last: 'in the record',
      late: 'after it',
    });
  });

  it('writes nothing into the snapshot that no record has', async () => {
    const { blobs, log, state } = await openState();
    await writeUpToTheSnapshot(state);
    log.shut();
    state.stage({ session: { last: 'in the record' } });
    const flushed = state.flush();
    await until('the append is under way', () => log.begun === RECORDS_PER_SNAPSHOT);
    const release = state.hold();
    state.stage({ session: { ratchet: 2 } });
    log.release();
    await flushed;
    await expect.poll(() => snapshots(blobs)).toEqual([64]);
    expect(await kept(blobs, 'session')).not.toHaveProperty('ratchet');
    state.stage({ inbox: { message: 2 } });
    release();
    await state.flush();
    expect(await kept(blobs, 'session')).toMatchObject({ ratchet: 2 });
    expect(await kept(blobs, 'inbox')).toEqual({ message: 2 });
  });

  it('holds up no message that is durable, but the next one', async () => {
    const { log, state } = await openState();
    await writeUpToTheSnapshot(state);
    const snapshot = log.shutSnapshots();
    state.stage({ session: { last: 'durable' } });
    await state.flush();
    state.stage({ session: { last: 'next' } });
    const flushed = state.flush();
    // Whatever would write it before the snapshot has had its turn.
    await new Promise(setImmediate);
    expect(log.begun).toBe(RECORDS_PER_SNAPSHOT);
    snapshot.resolve();
    await flushed;
    expect(log.begun).toBe(RECORDS_PER_SNAPSHOT + 1);
  });

  it('ends the state when it cannot be kept', async () => {
    const { log, state } = await openState();
    await writeUpToTheSnapshot(state);
    const snapshot = log.shutSnapshots();
    state.stage({ session: { last: 'durable' } });
    await state.flush();
    const heard = vi.fn();
    state.onFailure(heard);
    snapshot.reject(new Error('No room.'));
    await expect(state.close()).rejects.toThrow('No room.');
    expect(heard).toHaveBeenCalledExactlyOnceWith(new Error('No room.'));
    expect(state.isDead).toBe(true);
  });
});
