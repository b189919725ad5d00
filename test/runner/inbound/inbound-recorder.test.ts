import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { anInboundMessage } from './messages.ts';
import { recorderAtWork } from './recorder-at-work.ts';

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
