import { describe, expect, it } from 'vitest';
import { AuthState } from '#runner/journal/auth-state.ts';
import { Inbox } from '#runner/whatsapp/inbox.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { journalOf } from '../journal/journal-for-test.ts';

const REMEMBERED_MAX = 256;

const bytes = (text: string) => Buffer.from(text);

function come(inbox: Inbox, text: string): string {
  const ciphertext = bytes(`cipher of ${text}`);
  inbox.noteStanza({
    tag: 'message',
    attrs: { id: text, from: '1@s.whatsapp.net' },
    content: [{ tag: 'enc', attrs: { type: 'msg' }, content: ciphertext }],
  });
  const entry = inbox.stage(ciphertext, bytes(text));
  if (entry === undefined) throw new Error('The stanza was not noted.');
  return entry.id;
}

const textsOf = (inbox: Inbox) => inbox.unhandled().map(({ attrs }) => attrs['id']);

async function openInbox() {
  const { storage } = await openForTest();
  const log = journalOf(storage.mediaBlobs);
  const state = await AuthState.open(log);
  return {
    state,
    inbox: new Inbox(state),
    reopen: async () => new Inbox(await AuthState.open(log)),
  };
}

describe('Inbox', () => {
  it('keeps a message with the attributes of its stanza until it is handled', async () => {
    const { inbox } = await openInbox();
    const id = come(inbox, 'one');
    expect(inbox.unhandled()).toEqual([
      { id, attrs: { id: 'one', from: '1@s.whatsapp.net' }, plaintext: bytes('one') },
    ]);
    inbox.markHandled(id);
    expect(inbox.unhandled()).toEqual([]);
  });

  it('remembers what a ciphertext said, handled or not', async () => {
    const { inbox } = await openInbox();
    expect(inbox.recall(bytes('cipher of one'))).toBeUndefined();
    inbox.markHandled(come(inbox, 'one'));
    expect(inbox.recall(bytes('cipher of one'))).toEqual(bytes('one'));
  });

  it('takes no message whose stanza it did not see', async () => {
    const { inbox } = await openInbox();
    expect(inbox.stage(bytes('unseen'), bytes('text'))).toBeUndefined();
    expect(inbox.unhandled()).toEqual([]);
  });

  it('does not mind stanzas without a ciphertext, or marks for what it does not know', async () => {
    const { inbox } = await openInbox();
    inbox.noteStanza({ tag: 'message', attrs: { id: 'a' } });
    inbox.noteStanza({ tag: 'message', attrs: { id: 'b' }, content: bytes('x') });
    inbox.noteStanza({ tag: 'message', attrs: {}, content: [{ tag: 'plaintext', attrs: {} }] });
    inbox.markHandled('nothing of the kind');
    expect(inbox.unhandled()).toEqual([]);
  });

  it('opened anew, gives what was not handled in the order in which it came', async () => {
    const { state, inbox, reopen } = await openInbox();
    const names = Array.from({ length: 30 }, (_, n) => `message ${n}`);
    const ids = names.map((name) => come(inbox, name));
    for (const n of [3, 17, 0]) inbox.markHandled(ids[n] ?? '');
    await state.flush();
    const opened = await reopen();
    const left = names.filter((_, n) => ![3, 17, 0].includes(n));
    expect(textsOf(opened)).toEqual(left);
    come(opened, 'one more');
    expect(textsOf(opened)).toEqual([...left, 'one more']);
  });

  it('remembers fewer of long messages, the last in any case, and all that are not handled', async () => {
    const { state, inbox } = await openInbox();
    const long = (n: number) => `${n} ${'x'.repeat(100 * 1_024)}`;
    const waiting = come(inbox, long(0));
    for (let n = 1; n <= 10; n += 1) inbox.markHandled(come(inbox, long(n)));
    const isKnown = (n: number) => inbox.recall(bytes(`cipher of ${long(n)}`)) !== undefined;
    expect(Array.from({ length: 11 }, (_, n) => n).filter(isKnown)).toEqual([0, 6, 7, 8, 9, 10]);
    inbox.markHandled(waiting);
    const huge = 'x'.repeat(1_024 * 1_024);
    inbox.markHandled(come(inbox, huge));
    expect(inbox.recall(bytes(`cipher of ${huge}`))).toBeDefined();
    expect(Object.keys(state.all('inbox'))).toHaveLength(1);
  });

  it('remembers the last 256 handled messages, in the journal too', async () => {
    const { state, inbox, reopen } = await openInbox();
    for (let n = 0; n < 2 * REMEMBERED_MAX; n += 1) inbox.markHandled(come(inbox, `message ${n}`));
    await state.flush();
    const rows = Object.keys(state.all('inbox')).length;
    expect(rows).toBeGreaterThanOrEqual(REMEMBERED_MAX);
    expect(rows).toBeLessThanOrEqual(REMEMBERED_MAX + 1);
    const opened = await reopen();
    expect(opened.recall(bytes('cipher of message 0'))).toBeUndefined();
    expect(opened.recall(bytes('cipher of message 511'))).toEqual(bytes('message 511'));
    expect(opened.recall(bytes('cipher of message 300'))).toEqual(bytes('message 300'));
  });

  it('never forgets what is not handled, however much came after it', async () => {
    const { inbox } = await openInbox();
    const first = come(inbox, 'first');
    const waiting = Array.from({ length: REMEMBERED_MAX + 40 }, (_, n) => come(inbox, `w${n}`));
    for (let n = 0; n < REMEMBERED_MAX; n += 1) inbox.markHandled(come(inbox, `message ${n}`));
    expect(inbox.unhandled()).toHaveLength(1 + waiting.length);
    expect(inbox.unhandled()[0]?.id).toBe(first);
    for (const id of [first, ...waiting]) inbox.markHandled(id);
    expect(inbox.unhandled()).toEqual([]);
  });
});
