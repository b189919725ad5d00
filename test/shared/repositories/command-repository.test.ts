import { ulid } from 'ulid';
import { expect, it } from 'vitest';
import type { Command } from '#shared/domain/command.ts';
import { CommandRepository } from '#shared/repositories/command-repository.ts';
import { AT, INSTANCE, OTHER_INSTANCE, useTable } from './instance-items.ts';

const KEPT_MS = 300_000;

const table = useTable();

const aCommand = (): Command => ({
  commandId: ulid(),
  request: { kind: 'check_number', phone: '2348179803743' },
});

it('is there for its instance alone until it is forgotten', async () => {
  const { table: items, clock } = table.open();
  const commands = new CommandRepository(items);
  const command = aCommand();
  await commands.ask(INSTANCE, command, AT);
  expect(await commands.get(INSTANCE, command.commandId)).toEqual(command);
  expect(await commands.get(OTHER_INSTANCE, command.commandId)).toBeUndefined();
  clock.now = new Date(AT.getTime() + KEPT_MS);
  expect(await commands.get(INSTANCE, command.commandId)).toBeUndefined();
});

it('is answered once: the first answer counts', async () => {
  const commands = new CommandRepository(table.open().table);
  const command = aCommand();
  await commands.ask(INSTANCE, command, AT);
  const answer = { kind: 'checked', exists: true, jid: '2348179803743@s.whatsapp.net' } as const;
  await commands.answer(INSTANCE, command.commandId, answer);
  await commands.answer(INSTANCE, command.commandId, { kind: 'refused', reason: 'late' });
  expect(await commands.get(INSTANCE, command.commandId)).toEqual({ ...command, answer });
});

it('is not made by an answer to nothing', async () => {
  const commands = new CommandRepository(table.open().table);
  const { commandId } = aCommand();
  await commands.answer(INSTANCE, commandId, { kind: 'done' });
  expect(await commands.get(INSTANCE, commandId)).toBeUndefined();
});
