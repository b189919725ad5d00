import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { CommandRequest } from '#shared/domain/command.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { until } from '../../until.ts';
import { aMessage } from '../records.ts';
import { keeperAtWork } from './keeper-at-work.ts';

const PHONE = '2348179803743';
const CHECK: CommandRequest = { kind: 'check_number', phone: PHONE };

/** A keeper that can be asked for something. */
async function asked(changes: Partial<Instance> = {}) {
  const work = await keeperAtWork(changes);
  const { instanceId } = work.instance;
  const ask = async (request: CommandRequest) => {
    const commandId = ulid();
    await work.commands.ask(instanceId, { commandId, request }, work.clock.now());
    return commandId;
  };
  const answerOf = async (commandId: string) =>
    (await work.commands.get(instanceId, commandId))?.answer;
  return {
    ...work,
    ask,
    answerOf,
    async answered(request: CommandRequest) {
      const commandId = await ask(request);
      await work.keeper.answerCommand(commandId);
      return await answerOf(commandId);
    },
    async connected() {
      await work.keeper.look();
      const connection = await work.socket(1);
      connection.open();
      await work.hasStatus('CONNECTED');
      return connection;
    },
  };
}

describe('InstanceKeeper, asked for something at once', () => {
  it('has the session check a number, and remembers the number of its LID', async () => {
    const { answered, connected, lids, instance, stop } = await asked();
    const connection = await connected();
    const found = { exists: true, jid: `${PHONE}@s.whatsapp.net`, lid: '98765432101@lid' };
    connection.onCheck = async (phone) => (phone === PHONE ? found : { exists: false });
    expect(await answered(CHECK)).toEqual({ kind: 'checked', ...found });
    expect(await lids.phoneOf(instance.instanceId, '98765432101')).toBe(PHONE);
    expect(await answered({ kind: 'check_number', phone: '15550009999' })).toEqual({
      kind: 'checked',
      exists: false,
    });
    await stop();
  });

  it('has it show what it does, and what it has read', async () => {
    const { answered, connected, stop } = await asked();
    const connection = await connected();
    const presence = { kind: 'show_presence', presence: 'recording' } as const;
    expect(await answered({ ...presence, chatId: `${PHONE}@c.us` })).toEqual({ kind: 'done' });
    expect(connection.shown).toEqual([`${PHONE}@c.us recording`]);
    const messages = [{ waId: 'A', remoteJid: '1@g.us', participant: '9@lid' }];
    expect(await answered({ kind: 'mark_read', messages })).toEqual({ kind: 'done' });
    expect(connection.read).toEqual(messages);
    await stop();
  });

  it('refuses when there is no session, or none that is connected', async () => {
    const { answered, keeper, socket, stop } = await asked();
    const refused = { kind: 'refused', reason: 'The instance is not connected.' };
    expect(await answered(CHECK)).toEqual(refused);
    await keeper.look();
    await socket(1);
    expect(await answered(CHECK)).toEqual(refused);
    await stop();
  });

  it('says so when WhatsApp gives no answer', async () => {
    const { answered, connected, stop } = await asked();
    const connection = await connected();
    connection.onCheck = async () => {
      throw new Error('Timed Out');
    };
    expect(await answered(CHECK)).toEqual({
      kind: 'refused',
      reason: 'WhatsApp did not answer.',
    });
    await stop();
  });

  it('does once what is asked twice, and nothing that nobody asked for', async () => {
    const { ask, answerOf, connected, keeper, sentences, stop } = await asked();
    const connection = await connected();
    let checks = 0;
    connection.onCheck = async () => {
      checks += 1;
      return { exists: true };
    };
    const commandId = await ask(CHECK);
    for (let n = 0; n < 3; n += 1) await keeper.answerCommand(commandId);
    await keeper.answerCommand(ulid());
    expect(checks).toBe(1);
    expect(await answerOf(commandId)).toEqual({ kind: 'checked', exists: true });
    expect(sentences()).not.toContain('A command could not be answered.');
    await stop();
  });
});

it('has the session take up another pace at its next look', async () => {
  const pace = { on: true, chat_gap_ms: 60_000, typing: false };
  const { keeper, connected, instance, instances, messages, clock, sleep, stop } = await asked({
    pace,
  });
  const connection = await connected();
  for (const n of [1, 2]) await messages.accept([aMessage(instance, n)]);
  keeper.ring();
  await until('the second waits', () => sleep.asleep.includes(60_000));
  expect(connection.sent).toHaveLength(1);
  await instances.edit(instance, { part: 'pace', make: () => ({ on: false }) }, clock.now());
  await keeper.look();
  keeper.ring();
  await until('it is sent', () => connection.sent.length === 2);
  await stop();
});
