import { describe, expect, it } from 'vitest';
import { LogOvertaken } from '#runner/journal/auth-log.ts';
import { until } from '../../until.ts';
import { anInboundMessage } from '../inbound/messages.ts';
import { aMessage } from '../records.ts';
import { sessionAtWork } from './session-at-work.ts';

describe('Session, with its auth state in trouble', () => {
  it('tries again when it cannot be opened', async () => {
    let tries = 0;
    const work = await sessionAtWork();
    const { openAuth } = work;
    const failing = await sessionAtWork({
      deps: {
        openAuth: async () => {
          tries += 1;
          if (tries === 1) throw new Error('the disk is away');
          return await openAuth();
        },
      },
    });
    const ended = failing.run();
    expect(await failing.asleep()).toBe(500);
    expect((await failing.record())?.status).toBe('DISCONNECTED');
    failing.sleep.wake();
    await failing.socket(1);
    failing.stop.abort();
    expect(await ended).toBe('stopped');
  });

  it('waits a second, not a quarter, when it could not be written', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const socket = await work.socket(1);
    (await work.openAuth()).stage({ session: { a: 1 } });
    work.authLog.refuse(new Error('the disk is full'));
    socket.end('connection_lost');
    expect(await work.asleep()).toBe(500);
    work.stop.abort();
    await ended;
  });

  it('stays away for long when somebody else writes it', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const socket = await work.socket(1);
    (await work.openAuth()).stage({ session: { a: 1 } });
    work.authLog.refuse(new LogOvertaken(1));
    socket.end('overtaken');
    expect(await work.asleep()).toBe(30_000);
    work.stop.abort();
    await ended;
  });

  it('writes what is still staged before the next connection', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const socket = await work.socket(1);
    (await work.openAuth()).stage({ inbox: { a: 'handled' } });
    socket.end('connection_lost');
    await work.asleep();
    expect((await work.authLog.load()).state).toEqual({ inbox: { a: 'handled' } });
    work.stop.abort();
    await ended;
  });
});

describe('Session, with messages', () => {
  it('sends what waits once it is connected, and again on the next socket what is in doubt', async () => {
    const work = await sessionAtWork();
    const [sent, doubtful] = [aMessage(work.instance, 1), aMessage(work.instance, 2)];
    await work.messages.accept([sent]);
    await work.messages.accept([doubtful]);
    const ended = work.run();
    const first = await work.socket(1);
    expect(first.sent).toEqual([]);
    first.open();
    await until('both are sent', () => first.sent.length === 2);
    first.listener.onAck({ waId: sent.waId });
    first.end('connection_lost');
    await until('it waits', () => work.sleep.asleep.includes(250));
    work.sleep.wake(250);
    const second = await work.socket(2);
    second.open();
    await until('it is sent again', () => second.sent.length > 0);
    second.listener.onAck({ waId: doubtful.waId });
    await until(
      'it is acknowledged',
      async () => (await work.messages.get(doubtful.messageId))?.state === 'SENT',
    );
    expect(second.sentIds).toEqual([doubtful.waId]);
    work.stop.abort();
    await ended;
    expect((await work.messages.get(sent.messageId))?.state).toBe('SENT');
  });

  it('sends when it is rung', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const socket = await work.socket(1);
    socket.open();
    await work.hasStatus('CONNECTED');
    const message = aMessage(work.instance, 1);
    await work.messages.accept([message]);
    await until('it is sent', () => {
      work.session.ring();
      return socket.sent.length > 0;
    });
    work.stop.abort();
    await ended;
    expect(socket.sentIds).toEqual([message.waId]);
  });

  it('records what comes in before it says that it dealt with it', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const socket = await work.socket(1);
    socket.open();
    let recordedWhenDone: string[] | undefined;
    const done = () => {
      recordedWhenDone = work.recorded.map(({ event }) => event);
    };
    const message = anInboundMessage();
    socket.listener.onMessage(message, done);
    await until('it was dealt with', () => recordedWhenDone !== undefined);
    expect(recordedWhenDone).toEqual(expect.arrayContaining(['onMessage', 'onAnyMessage']));
    socket.listener.onMessage(message, done);
    work.stop.abort();
    await ended;
    expect(work.recorded.filter(({ event }) => event === 'onMessage')).toHaveLength(1);
  });
});

describe('Session, when it is asked', () => {
  it('logs out as soon as it is connected, and ends', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const loggedOut = work.session.logout();
    const socket = await work.socket(1);
    expect(socket.logouts).toBe(0);
    socket.open();
    await loggedOut;
    expect(socket.logouts).toBe(1);
    expect(await ended).toBe('stopped');
  });

  it('logs out on the next connection when the first one is lost before it opens', async () => {
    const work = await sessionAtWork();
    const ended = work.run();
    const loggedOut = work.session.logout();
    (await work.socket(1)).end('connection_lost');
    await work.asleep();
    work.sleep.wake();
    const socket = await work.socket(2);
    socket.open();
    await until('it logged out', () => socket.logouts === 1);
    await loggedOut;
    expect(await ended).toBe('stopped');
  });

  it('fetches a pairing code when there is a connection', async () => {
    const work = await sessionAtWork();
    const code = work.session.requestPairingCode('2348179803743');
    const ended = work.run();
    expect(await code).toBe('ABCD1234');
    const socket = await work.socket(1);
    socket.onPair = async (phone) => `for ${phone}`;
    expect(await work.session.requestPairingCode('2348179803743')).toBe('for 2348179803743');
    work.stop.abort();
    await ended;
  });
});
