import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { sessionAtWork } from './session-at-work.ts';

const USER = { id: '2349040613521:8@s.whatsapp.net', name: 'Shop' };
const MINUTE_MS = 60_000;

describe('Session', () => {
  it('shows a code, is linked, starts anew and is connected', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const first = await work.socket(1);
    const expiresAt = new Date('2026-11-22T12:01:00Z');
    first.listener.onQr('code one', expiresAt);
    await work.hasStatus('SCAN_QR');
    expect((await work.record())?.qr).toEqual({
      code: 'code one',
      expiresAt: expiresAt.toISOString(),
    });
    first.listener.onQr('code two', expiresAt);
    await until('the code is the next', async () => (await work.record())?.qr?.code === 'code two');
    first.listener.onLinked();
    first.end('restart_required');
    expect(await work.asleep()).toBe(0);
    work.sleep.wake();
    (await work.socket(2)).open(USER);
    await work.hasStatus('CONNECTED');
    const record = await work.record();
    expect(record?.user).toEqual(USER);
    expect(record?.qr).toBeUndefined();
    work.stop.abort();
    expect(await ended).toBe('stopped');
    expect(work.statuses()).toEqual([
      'CONNECTING',
      'SCAN_QR',
      'CONNECTING',
      'CONNECTED',
      'DISCONNECTED',
    ]);
  });

  it('comes back after a lost connection, and waits longer each time', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const waits: unknown[] = [];
    for (let n = 1; n <= 4; n += 1) {
      (await work.socket(n)).end('connection_lost');
      waits.push(await work.asleep());
      await work.hasStatus('DISCONNECTED');
      work.sleep.wake();
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000]);
    (await work.socket(5)).open();
    await work.hasStatus('CONNECTED');
    work.stop.abort();
    expect(await ended).toBe('stopped');
    expect(work.statuses().slice(0, 5)).toEqual([
      'CONNECTING',
      'DISCONNECTED',
      'CONNECTING',
      'DISCONNECTED',
      'CONNECTING',
    ]);
  });

  it('is soon back on a line that breaks, and waits longer when it goes on breaking', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const waits: unknown[] = [];
    const holdFor = async (heldMs: number) => {
      const socket = await work.socket(waits.length + 1);
      socket.open();
      await work.hasStatus('CONNECTED');
      work.clock.move(heldMs);
      socket.end('connection_lost');
      waits.push(await work.asleep());
      work.sleep.wake();
    };
    for (let n = 0; n < 8; n += 1) await holdFor(MINUTE_MS - 1);
    expect(waits).toEqual([250, 250, 250, 250, 250, 250, 500, 1_000]);
    await holdFor(MINUTE_MS);
    expect(waits.at(-1)).toBe(250);
    work.stop.abort();
    await ended;
  });

  it('takes its next connection at once when it is told to hurry', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    (await work.socket(1)).end('replaced');
    await work.asleep();
    expect(work.session.hurry()).toBe(true);
    (await work.socket(2)).end('replaced');
    expect(await work.asleep()).toBe(5 * MINUTE_MS);
    work.stop.abort();
    expect(await ended).toBe('stopped');
  });

  it('cannot hurry when it has given up', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    (await work.socket(1)).end('forbidden');
    await ended;
    expect(work.session.hurry()).toBe(false);
  });

  it('believes the second log-out: the keys are erased, the user is gone', async () => {
    const work = await sessionAtWork({ instance: { user: USER, status: 'DISCONNECTED' } });
    const auth = await work.openAuth();
    auth.stage({ creds: { creds: 'linked' } });
    await auth.flush();
    const ended = work.run();
    (await work.socket(1)).end('logged_out');
    expect(await work.asleep()).toBe(1_000);
    expect((await work.authLog.load()).state).not.toEqual({});
    work.sleep.wake();
    (await work.socket(2)).end('logged_out');
    expect(await ended).toBe('given_up');
    expect((await work.authLog.load()).state).toEqual({});
    const record = await work.record();
    expect(record?.status).toBe('LOGGED_OUT');
    expect(record?.user).toBeUndefined();
    expect(work.recorded.map(({ event }) => event)).toContain('onLogout');
  });

  it('does not add up log-outs over a connection that opened', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    for (const n of [1, 3]) {
      (await work.socket(n)).end('logged_out');
      await work.asleep();
      work.sleep.wake();
      const socket = await work.socket(n + 1);
      socket.open();
      await work.hasStatus('CONNECTED');
      socket.end('connection_lost');
      await work.asleep();
      work.sleep.wake();
    }
    await work.socket(5);
    work.stop.abort();
    expect(await ended).toBe('stopped');
  });

  it('says CONFLICT when it was replaced, and waits a minute, then five', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    (await work.socket(1)).end('replaced');
    expect(await work.asleep()).toBe(MINUTE_MS);
    expect((await work.record())?.status).toBe('CONFLICT');
    work.sleep.wake();
    (await work.socket(2)).end('replaced');
    expect(await work.asleep()).toBe(5 * MINUTE_MS);
    expect((await work.record())?.status).toBe('CONFLICT');
    work.stop.abort();
    expect(await ended).toBe('stopped');
  });

  it('ends when WhatsApp forbids the account, and keeps the keys', async () => {
    const work = await sessionAtWork();
    const auth = await work.openAuth();
    auth.stage({ creds: { creds: 'linked' } });
    await auth.flush();
    const ended = work.run();
    (await work.socket(1)).end('forbidden');
    expect(await ended).toBe('given_up');
    expect((await work.record())?.status).toBe('FORBIDDEN');
    expect((await work.authLog.load()).state).toEqual({ creds: { creds: 'linked' } });
  });

  it('stops showing codes after three rounds', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    for (const n of [1, 2]) {
      (await work.socket(n)).end('pairing_expired');
      expect(await work.asleep()).toBe(0);
      work.sleep.wake();
    }
    (await work.socket(3)).end('pairing_expired');
    expect(await ended).toBe('given_up');
    expect((await work.record())?.status).toBe('DISCONNECTED');
  });
});

describe('Session, when it is stopped', () => {
  it('closes the socket and says DISCONNECTED', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const socket = await work.socket(1);
    socket.open();
    await work.hasStatus('CONNECTED');
    work.stop.abort();
    expect(await ended).toBe('stopped');
    expect(socket.closes).toEqual(['stopped']);
    expect((await work.record())?.status).toBe('DISCONNECTED');
  });

  it('ends at once while it waits for its next connection', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    (await work.socket(1)).end('unavailable');
    await work.asleep();
    work.stop.abort();
    expect(await ended).toBe('stopped');
    expect(work.sockets).toHaveLength(1);
  });

  it('makes no connection when it is stopped while it waits for its turn', async () => {
    const turn = Promise.withResolvers<void>();
    const work = await sessionAtWork({ deps: { pace: () => turn.promise } });
    const ended = work.run();
    await work.hasStatus('CONNECTING');
    work.stop.abort();
    turn.resolve();
    expect(await ended).toBe('stopped');
    expect(work.sockets).toEqual([]);
  });
});
