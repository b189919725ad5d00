import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { aMessage } from '../records.ts';
import { keeperAtWork } from './keeper-at-work.ts';

const PAIRING_CODE_TIMEOUT_MS = 15_000;

describe('InstanceKeeper, wished ON', () => {
  it('starts a session, one however often it looks', async () => {
    const { keeper, socket, sockets, hasStatus, stop } = await keeperAtWork();
    await Promise.all([keeper.look(), keeper.look(), keeper.look()]);
    (await socket(1)).open();
    await hasStatus('CONNECTED');
    await keeper.look();
    expect(sockets).toHaveLength(1);
    await stop();
    await hasStatus('DISCONNECTED');
  });

  it('rings the session, and nobody when there is none', async () => {
    const { keeper, socket, messages, instance, hasStatus, stop } = await keeperAtWork();
    keeper.ring();
    await keeper.look();
    const connection = await socket(1);
    connection.open();
    await hasStatus('CONNECTED');
    await messages.accept([aMessage(instance, 1)]);
    await until('it is sent', () => {
      keeper.ring();
      return connection.sent.length > 0;
    });
    await stop();
  });

  it('stands down when the session has given up: it takes a new wish', async () => {
    const { keeper, socket, sockets, record, wish, stop } = await keeperAtWork();
    await keeper.look();
    (await socket(1)).end('forbidden');
    await until('it stands down', async () => (await record())?.desired === 'OFF');
    expect((await record())?.status).toBe('FORBIDDEN');
    await keeper.look();
    expect(sockets).toHaveLength(1);
    await wish('ON');
    await keeper.look();
    await socket(2);
    await stop();
  });

  it('takes up a wish that came while the session was giving up', async () => {
    const { keeper, socket, record, wish, stop } = await keeperAtWork();
    await keeper.look();
    const connection = await socket(1);
    await wish('ON');
    connection.end('forbidden');
    await socket(2);
    expect((await record())?.desired).toBe('ON');
    await stop();
  });

  it('has a session that waits connect at once for a new wish, and only for a new one', async () => {
    const { keeper, socket, sockets, sleep, wish, stop } = await keeperAtWork();
    await keeper.look();
    (await socket(1)).end('replaced');
    await until('it waits', () => sleep.asleep.length === 1);
    await keeper.look();
    expect(sleep.asleep).toHaveLength(1);
    await wish('ON');
    await keeper.look();
    await socket(2);
    expect(sockets).toHaveLength(2);
    await stop();
  });

  it('starts nothing any more once it is stopped', async () => {
    const { keeper, sockets, stop } = await keeperAtWork();
    await stop();
    await keeper.look();
    expect(sockets).toEqual([]);
  });

  it('does nothing for an instance that is not there', async () => {
    const { keeper, instances, instance, sockets, sentences } = await keeperAtWork();
    await instances.remove(instance);
    await keeper.look();
    expect(sockets).toEqual([]);
    expect(sentences()).toEqual([]);
  });

  it('goes on after a look that failed', async () => {
    let isDown = true;
    const { keeper, socket, sentences, stop } = await keeperAtWork({}, (home) => ({
      makeSession: (current) => {
        if (isDown) throw new Error('not now');
        return home.makeSession(current);
      },
    }));
    await keeper.look();
    expect(sentences()).toContain('The instance could not be looked after.');
    isDown = false;
    await keeper.look();
    await socket(1);
    await stop();
  });

  it('survives a session that breaks, and starts another', async () => {
    let erasures = 0;
    const { keeper, socket, sleep, sentences, stop } = await keeperAtWork({}, (home) => ({
      makeSession: (current) =>
        home.makeSession(current, {
          openAuth: async () => {
            const auth = await home.openAuth();
            erasures += 1;
            if (erasures === 3) throw new Error('the disk is away');
            return auth;
          },
        }),
    }));
    await keeper.look();
    (await socket(1)).end('logged_out');
    await until('it waits', () => sleep.asleep.length > 0);
    sleep.wake();
    (await socket(2)).end('logged_out');
    await until('it was told', () => sentences().includes('A session broke.'));
    await keeper.look();
    await socket(3);
    await stop();
  });
});

describe('InstanceKeeper, wished OFF', () => {
  it('closes the session and keeps what it has', async () => {
    const { keeper, socket, record, wish, link, authLog } = await keeperAtWork();
    await link();
    await keeper.look();
    const connection = await socket(1);
    connection.open();
    await wish('OFF');
    await keeper.look();
    expect(connection.closes).toEqual(['stopped']);
    expect((await record())?.status).toBe('DISCONNECTED');
    expect((await authLog.load()).state).toEqual({ creds: { creds: 'linked' } });
    await keeper.look();
    expect(connection.closes).toEqual(['stopped']);
  });

  it('does nothing when there is no session', async () => {
    const { keeper, sockets, record } = await keeperAtWork({ desired: 'OFF' });
    await keeper.look();
    expect(sockets).toEqual([]);
    expect((await record())?.status).toBe('CREATED');
  });
});

describe('InstanceKeeper, asked for a pairing code', () => {
  it('answers with the code and how long it holds', async () => {
    const { keeper, askForCode, record, clock, stop } = await keeperAtWork();
    await askForCode('r1');
    await keeper.look();
    await until('it is answered', async () => (await record())?.pairingAnswer !== undefined);
    expect((await record())?.pairingAnswer).toEqual({
      requestId: 'r1',
      code: 'ABCD1234',
      expiresAt: new Date(clock.now().getTime() + 160_000).toISOString(),
    });
    await stop();
  });

  it('answers each request once, however often it looks', async () => {
    const { keeper, askForCode, socket, record, stop } = await keeperAtWork();
    await keeper.look();
    const connection = await socket(1);
    const phones: string[] = [];
    connection.onPair = async (phone) => {
      phones.push(phone);
      return `code ${phones.length}`;
    };
    await askForCode('r1');
    await Promise.all([keeper.look(), keeper.look()]);
    await until('it is answered', async () => (await record())?.pairingAnswer?.code === 'code 1');
    await keeper.look();
    await askForCode('r2');
    await keeper.look();
    await until('it is answered', async () => (await record())?.pairingAnswer?.code === 'code 2');
    expect(phones).toEqual(['2348179803743', '2348179803743']);
    expect((await record())?.pairingAnswer?.requestId).toBe('r2');
    await stop();
  });

  it('does not answer again what an earlier runner answered', async () => {
    const answered = { requestId: 'r1', code: 'OLD' };
    const { keeper, socket, record, hasStatus, stop } = await keeperAtWork({
      pairingRequest: { requestId: 'r1', phone: '2348179803743' },
      pairingAnswer: answered,
    });
    await keeper.look();
    (await socket(1)).open();
    await hasStatus('CONNECTED');
    await stop();
    expect((await record())?.pairingAnswer).toEqual(answered);
  });

  it('says so when WhatsApp gives no code in time, and looks on meanwhile', async () => {
    const { keeper, askForCode, socket, record, sleep, wish } = await keeperAtWork();
    await keeper.look();
    const connection = await socket(1);
    connection.onPair = () => new Promise(() => undefined);
    await askForCode('r1');
    await keeper.look();
    await until('it waits', () => sleep.asleep.includes(PAIRING_CODE_TIMEOUT_MS));
    sleep.wake(PAIRING_CODE_TIMEOUT_MS);
    await until('it is answered', async () => (await record())?.pairingAnswer !== undefined);
    expect((await record())?.pairingAnswer).toEqual({
      requestId: 'r1',
      reason: 'WhatsApp gave no code in time.',
    });
    await wish('OFF');
    await keeper.look();
    expect(connection.closes).toEqual(['stopped']);
  });

  it('says so when the connection ends before there is a code', async () => {
    const { keeper, askForCode, socket, record, stop } = await keeperAtWork();
    await keeper.look();
    (await socket(1)).onPair = async () => {
      throw new Error('Closed: connection_lost.');
    };
    await askForCode('r1');
    await keeper.look();
    await until('it is answered', async () => (await record())?.pairingAnswer !== undefined);
    expect((await record())?.pairingAnswer?.reason).toMatch(/ended before/);
    await stop();
  });
});
