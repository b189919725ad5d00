import { expect, it } from 'vitest';
import { ChoiceRepository } from '#shared/repositories/choice-repository.ts';
import { aMessage, anInstance, OTHER_CHAT } from '../../runner/records.ts';
import { AT, useTable } from './instance-items.ts';

const KEPT_MS = 24 * 3_600_000;
const TEA = [{ id: 't', title: 'Tea' }];
const CAKE = [{ id: 'c', title: 'Cake' }];

const table = useTable();
const instance = anInstance(1);
const toAda = aMessage(instance, 1);
const { instanceId, chatId } = toAda;

it('keeps what the last message to each chat offered', async () => {
  const choices = new ChoiceRepository(table.open().table);
  expect(await choices.get(instanceId, chatId)).toEqual([]);
  await choices.keep(toAda, CAKE, AT);
  await choices.keep(toAda, TEA, AT);
  expect(await choices.get(instanceId, chatId)).toEqual(TEA);
  expect(await choices.get(instanceId, OTHER_CHAT)).toEqual([]);
  expect(await choices.get(anInstance(2).instanceId, chatId)).toEqual([]);
});

it('forgets it after a day', async () => {
  const { table: items, clock } = table.open();
  const choices = new ChoiceRepository(items);
  await choices.keep(toAda, TEA, AT);
  clock.now = new Date(AT.getTime() + KEPT_MS - 1_000);
  expect(await choices.get(instanceId, chatId)).toEqual(TEA);
  clock.now = new Date(AT.getTime() + KEPT_MS);
  expect(await choices.get(instanceId, chatId)).toEqual([]);
});
