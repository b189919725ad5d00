import { describe, expect, it } from 'vitest';

import { byTarget, changedView } from '#simulator/phones/message-changes.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';
import type { MessageView } from '#simulator/store/message-view.ts';

const AUTHOR = '15550000001';
const READER = '15550000002';

function aMessage(sender: string, view: MessageView, fields: Partial<MessageRecord> = {}) {
  return {
    seq: 1,
    number: READER,
    chat: `${AUTHOR}@c.us`,
    id: 'ID',
    from: { number: sender, device: 0 },
    fromMe: sender === READER,
    at: new Date(0),
    addressing: 'pn',
    view,
    content: Buffer.alloc(0),
    copies: 1,
    state: 'received',
    ...fields,
  } satisfies MessageRecord;
}
const target = aMessage(AUTHOR, { type: 'text', text: 'first' });
const aChange = (sender: string, type: string, text = '') =>
  aMessage(sender, { type, text, quotedId: 'ID' }, { id: `${type} ${text}` });
const shown = (...changes: MessageRecord[]) => changedView(target, byTarget(changes)(target));

describe('what becomes of a message', () => {
  it('stays what it is when nothing came', () => {
    expect(shown()).toEqual({ type: 'text', text: 'first' });
  });

  it('shows the last edit of its author, and no edit of another', () => {
    expect(shown(aChange(READER, 'edit', 'forged'))).toEqual({ type: 'text', text: 'first' });
    expect(shown(aChange(AUTHOR, 'edit', 'second'), aChange(AUTHOR, 'edit', 'third'))).toEqual({
      type: 'text',
      text: 'third',
      edited: true,
    });
  });

  it('edits the caption of media', () => {
    const media = { mimetype: 'image/png', size: 1, sha256: '' };
    const image = aMessage(AUTHOR, { type: 'image', text: 'a', caption: 'a', media });
    expect(changedView(image, [aChange(AUTHOR, 'edit', 'b')])).toEqual({
      type: 'image',
      text: 'b',
      caption: 'b',
      media,
      edited: true,
    });
  });

  it('is gone when its author revokes it, whatever else came', () => {
    expect(shown(aChange(READER, 'revoke'))).toEqual({ type: 'text', text: 'first' });
    expect(
      shown(aChange(READER, 'reaction', '+'), aChange(AUTHOR, 'revoke'), aChange(AUTHOR, 'edit')),
    ).toEqual({ type: 'revoked', text: '' });
  });

  it('has the last reaction of each person, and none that was taken back', () => {
    const plus = aChange(READER, 'reaction', '+');
    const minus = aChange(READER, 'reaction', '-');
    const own = aChange(AUTHOR, 'reaction', '!');
    expect(shown(plus, own, minus)).toMatchObject({
      reactions: [
        { from: `${AUTHOR}@c.us`, text: '!' },
        { from: `${READER}@c.us`, text: '-' },
      ],
    });
    expect(shown(plus, aChange(READER, 'reaction'))).toEqual({ type: 'text', text: 'first' });
  });

  it('is changed by nothing that means another message, or another chat', () => {
    const other = aMessage(
      AUTHOR,
      { type: 'revoke', text: '', quotedId: 'OTHER' },
      { chat: target.chat },
    );
    const elsewhere = { ...aChange(AUTHOR, 'revoke'), chat: 'x@g.us' };
    expect(shown(other, elsewhere)).toEqual({ type: 'text', text: 'first' });
  });
});
