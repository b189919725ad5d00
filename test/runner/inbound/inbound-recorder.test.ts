import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { aMessage } from '../records.ts';
import { aFileMessage, anInboundMessage } from './messages.ts';
import { instance, recorderAtWork } from './recorder-at-work.ts';

const TRIES_MAX = 5;

describe('InboundRecorder', () => {
  it('makes two events of a message from somebody else, and one of an own one', async () => {
    const { inbound, recorded } = await recorderAtWork();
    inbound.take(anInboundMessage(), () => undefined);
    inbound.take(anInboundMessage({ waId: '3EB0BB', fromMe: true }), () => undefined);
    await inbound.leave();
    expect(recorded.map(({ event, data }) => [event, Object(data).mId])).toEqual([
      ['onMessage', '3EB0AA'],
      ['onAnyMessage', '3EB0AA'],
      ['onAnyMessage', '3EB0BB'],
    ]);
    expect(recorded[0]?.ts).toBe(Date.parse('2026-11-22T12:00:00.900Z'));
  });

  it('records in the order in which messages came, and says so after each', async () => {
    const { inbound, take, done, recorded } = await recorderAtWork();
    const names = Array.from({ length: 10 }, (_, n) => `message ${n}`);
    for (const name of names) take(name);
    expect(done).toEqual([]);
    await inbound.leave();
    expect(done).toEqual(names);
    const bodies = recorded
      .filter(({ event }) => event === 'onMessage')
      .map(({ data }) => Object(data).body);
    expect(bodies).toEqual(names);
  });

  it('records once what it is told twice, and is done with it both times', async () => {
    const { inbound, take, done, recorded } = await recorderAtWork();
    take('hello');
    take('hello');
    await inbound.leave();
    expect(done).toEqual(['hello', 'hello']);
    expect(recorded).toHaveLength(2);
  });

  it('tells messages of one id from different chats apart', async () => {
    const { inbound, recorded } = await recorderAtWork();
    inbound.take(anInboundMessage(), () => undefined);
    inbound.take(anInboundMessage({ chat: { kind: 'group', group: '120' } }), () => undefined);
    await inbound.leave();
    expect(recorded).toHaveLength(4);
  });

  it('waits for a table that is away, and keeps the order', async () => {
    const { inbound, take, done, table, sleep } = await recorderAtWork();
    table.isAway = () => true;
    take('one');
    take('two');
    await until('it waits', () => sleep.asleep.length === 1);
    table.isAway = () => false;
    sleep.wake();
    await inbound.leave();
    expect(done).toEqual(['one', 'two']);
  });

  it('lets the chat go on when the table stays away, and records the message later', async () => {
    const { inbound, take, done, table, sleep, sentences } = await recorderAtWork();
    table.isAway = () => true;
    take('one');
    for (let tries = 1; tries < TRIES_MAX; tries += 1) {
      await until(`it waits after try ${tries}`, () => sleep.asked.length === tries);
      sleep.wake();
    }
    await until('it was told', () => sentences().includes('A message stays in the inbox.'));
    table.isAway = () => false;
    take('two');
    await until('the chat has gone on', () => done.length === 1);
    expect(done).toEqual(['two']);
    await until('it waits for its time', () => sleep.asleep.length === 1);
    sleep.wake();
    await until('it is recorded', () => done.length === 2);
    expect(done).toEqual(['two', 'one']);
    await inbound.leave();
  });

  it('leaves what could not be recorded in the inbox when the socket ends', async () => {
    const { inbound, take, done, table, sleep, sentences } = await recorderAtWork();
    table.isAway = () => true;
    take('one');
    for (let tries = 1; tries < TRIES_MAX; tries += 1) {
      await until(`it waits after try ${tries}`, () => sleep.asked.length === tries);
      sleep.wake();
    }
    await until('it was told', () => sentences().includes('A message stays in the inbox.'));
    await inbound.leave();
    expect(done).toEqual([]);
    await until('nobody waits', () => sleep.asleep.length === 0);
  });
});

describe('InboundRecorder, with several chats', () => {
  const chatOf = (n: number) => ({ kind: 'phone', phone: `1555000000${n}` }) as const;

  it('holds up the chat alone whose file takes long', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { inbound, recorded } = await recorderAtWork(async ({ waId }) =>
      waId === 'FILE' ? await gate.promise : undefined,
    );
    const done: string[] = [];
    for (const [waId, n] of [
      ['FILE', 1],
      ['AFTER', 1],
      ['ELSEWHERE', 2],
    ] as const) {
      inbound.take(aFileMessage({ waId, chat: chatOf(n) }), () => done.push(waId));
    }
    await until('the other chat is through', () => done.length === 1);
    expect(done).toEqual(['ELSEWHERE']);
    gate.resolve(undefined);
    await until('all are through', () => done.length === 3);
    expect(done).toEqual(['ELSEWHERE', 'FILE', 'AFTER']);
    expect(recorded.map(({ data }) => Object(data).mId)).toEqual(
      done.flatMap((waId) => [waId, waId]),
    );
  });

  it('leaves what waits for a file in the inbox when it is left, and takes it the next time', async () => {
    const files = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let asked = 0;
    const { inbound, recorded } = await recorderAtWork(() => {
      asked += 1;
      return files[asked - 1]?.promise ?? Promise.resolve(undefined);
    });
    const done: string[] = [];
    inbound.take(aFileMessage({ waId: 'FILE' }), () => done.push('first'));
    await until('the file is asked for', () => asked === 1);
    await inbound.leave();
    expect([done, recorded]).toEqual([[], []]);

    files[1]?.resolve(undefined);
    inbound.take(aFileMessage({ waId: 'FILE' }), () => done.push('second'));
    await until('it is through', () => done.length === 1);
    expect(done).toEqual(['second']);
  });

  it('tells of a message whose file could not be fetched, and why', async () => {
    const { inbound, recorded } = await recorderAtWork(async () => ({
      kind: 'failed',
      code: 'media_unavailable',
      message: 'Gone.',
    }));
    inbound.take(aFileMessage(), () => undefined);
    await until('it is told', () => recorded.length > 0);
    expect(recorded[0]).toMatchObject({
      event: 'onMessage',
      data: { media: null, mediaError: { code: 'media_unavailable', message: 'Gone.' } },
    });
  });
});

describe('InboundRecorder, keeping', () => {
  it('keeps a message by its addresses, and does not forget it when it is told again', async () => {
    const { inbound, received, clock } = await recorderAtWork();
    const group = { kind: 'group', group: '120363041234567890' } as const;
    const remoteJid = '120363041234567890@g.us';
    const message = anInboundMessage({ chat: group, remoteJid, participant: '98765432101@lid' });
    inbound.take(message, () => undefined);
    inbound.take({ ...message, wire: '' }, () => undefined);
    await inbound.leave();
    expect(await received.get(instance.instanceId, '3EB0AA')).toEqual({
      instanceId: instance.instanceId,
      waId: '3EB0AA',
      chatId: remoteJid,
      fromMe: false,
      remoteJid,
      participant: '98765432101@lid',
      at: message.at.toISOString(),
      wire: message.wire,
    });
    clock.move(15 * 24 * 3_600_000);
    expect(await received.get(instance.instanceId, '3EB0AA')).toBeUndefined();
  });

  it('learns the number behind a LID, writing it once', async () => {
    const { inbound, lids, table } = await recorderAtWork();
    let writes = 0;
    table.isAway = (call) => {
      if (call.kind === 'write' && JSON.stringify(call.ops).includes('LID#')) writes += 1;
      return false;
    };
    for (const waId of ['A', 'B', 'C']) inbound.take(anInboundMessage({ waId }), () => undefined);
    inbound.take(anInboundMessage({ waId: 'D', sender: { lid: '55555555555' } }), () => undefined);
    await inbound.leave();
    expect(await lids.phoneOf(instance.instanceId, '98765432101')).toBe('2348179803743');
    expect(await lids.phoneOf(instance.instanceId, '55555555555')).toBeUndefined();
    expect(writes).toBe(1);
  });

  it('tells of a choice beside the message, with the id of the option', async () => {
    const { inbound, take, choices, recorded } = await recorderAtWork();
    const at = new Date('2026-11-22T12:00:00Z');
    await choices.keep(aMessage(instance, 1), [{ id: 'tea-1', title: 'Tea' }], at);
    take('1');
    take('hello');
    await inbound.leave();
    expect(recorded.map(({ event, data }) => [event, Object(data).selectedButtonId])).toEqual([
      ['onMessage', 'tea-1'],
      ['onAnyMessage', 'tea-1'],
      ['onButton', 'tea-1'],
      ['onMessage', null],
      ['onAnyMessage', null],
    ]);
    expect(recorded[2]?.data).toMatchObject({ body: '1', selectedTitle: 'Tea' });
  });
});

describe('InboundRecorder, with a bot', () => {
  it('has each message answered when its events are durable, before it is done, in order', async () => {
    const told: string[] = [];
    const { inbound, take, done, recorded } = await recorderAtWork(undefined, async ({ waId }) => {
      told.push(`${waId}: ${recorded.length} events, ${done.length} done`);
    });
    take('one');
    take('two');
    await inbound.leave();
    expect(told).toEqual(['one: 2 events, 0 done', 'two: 4 events, 1 done']);
  });

  it('keeps a message that the bot could not answer, and records it once all the same', async () => {
    let failures = 2;
    const { inbound, take, done, recorded, sleep } = await recorderAtWork(undefined, async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('The table is away.');
    });
    take('one');
    for (const tries of [1, 2]) {
      await until(`it waits after try ${tries}`, () => sleep.asked.length === tries);
      expect(done).toEqual([]);
      sleep.wake();
    }
    await inbound.leave();
    expect(done).toEqual(['one']);
    expect(recorded).toHaveLength(2);
  });
});
