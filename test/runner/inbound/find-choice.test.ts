import { describe, expect, it } from 'vitest';
import { findChoice } from '#runner/inbound/find-choice.ts';
import type { InboundContent } from '#runner/inbound/inbound-message.ts';
import { aMessage } from '../records.ts';
import { anInboundMessage } from './messages.ts';
import { instance, recorderAtWork } from './recorder-at-work.ts';

const DRINKS = [
  { id: 't', title: 'Tea' },
  { id: 'c', title: 'Coffee' },
];
const CAKES = [
  { id: 'a', title: 'Apple' },
  { id: 'l', title: 'Lemon' },
];

/** An instance that has offered cakes, and then drinks, to one chat. */
async function asked() {
  const { choices, messages } = await recorderAtWork();
  const offering = (n: number, offered: typeof DRINKS) =>
    aMessage(instance, n, { content: { kind: 'text', text: '?', choices: offered } });
  const [older, last] = [offering(1, CAKES), offering(2, DRINKS)];
  const at = new Date(older.queuedAt);
  for (const message of [older, last]) await messages.accept([message]);
  await choices.keep(older, CAKES, at);
  await choices.keep(last, DRINKS, at);
  const find = (content: Partial<InboundContent>, changes: { fromMe?: boolean } = {}) =>
    findChoice(
      instance.instanceId,
      anInboundMessage({
        content: { kind: 'chat', text: '', mentioned: [], ...content },
        ...changes,
      }),
      { choices, messages },
    );
  return { older, find };
}

describe('findChoice', () => {
  it.each(['2', '2.', ' #2) ', 'coffee', ' COFFEE '])(
    'reads %j as the second option',
    async (text) => {
      const { find } = await asked();
      expect(await find({ text })).toEqual({ id: 'c', title: 'Coffee' });
    },
  );

  it('goes by the list that is quoted, however old it is', async () => {
    const { find, older } = await asked();
    const quoted = { waId: older.waId, body: '?' };
    expect(await find({ text: '2', quoted })).toEqual({ id: 'l', title: 'Lemon' });
    expect(await find({ text: 'coffee', quoted })).toBeUndefined();
  });

  it('goes by the last list when something else is quoted', async () => {
    const { find } = await asked();
    const quoted = { waId: 'UNKNOWN', body: 'hm' };
    expect(await find({ text: '1', quoted })).toEqual({ id: 't', title: 'Tea' });
  });

  it('takes WhatsApp’s own word for what was chosen', async () => {
    const { find } = await asked();
    const chosen = { kind: 'list_response', text: 'Oat', selectedId: 'row-7' } as const;
    expect(await find(chosen)).toEqual({ id: 'row-7', title: 'Oat' });
  });

  it('finds nothing in what is no choice', async () => {
    const { find } = await asked();
    for (const text of ['', '  ', '3', '0', 'tea please', '2'.padEnd(201)]) {
      expect(await find({ text })).toBeUndefined();
    }
    expect(await find({ kind: 'image', text: '1' })).toBeUndefined();
  });

  it('finds nothing in messages of the account itself', async () => {
    const { find } = await asked();
    expect(await find({ text: '1' }, { fromMe: true })).toBeUndefined();
    expect(await find({ text: 'Tea', selectedId: 't' }, { fromMe: true })).toBeUndefined();
  });
});
