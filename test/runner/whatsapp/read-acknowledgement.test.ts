import type { BinaryNode } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { readAck, readReceipt } from '#runner/whatsapp/read-acknowledgement.ts';

const FROM = '2348179803743@s.whatsapp.net';
const ack = (attrs: Record<string, string>): BinaryNode => ({ tag: 'ack', attrs });
const receipt = (attrs: Record<string, string>, content?: BinaryNode[]): BinaryNode => ({
  tag: 'receipt',
  attrs: { id: 'A', from: FROM, ...attrs },
  ...(content && { content }),
});
const item = (id: string): BinaryNode => ({ tag: 'item', attrs: { id } });

describe('readAck', () => {
  it('reads that the server took a message', () => {
    expect(readAck(ack({ class: 'message', id: 'A', from: FROM, t: '1' }))).toEqual({ waId: 'A' });
  });

  it('reads that the server refused one', () => {
    expect(readAck(ack({ class: 'message', id: 'A', error: '463' }))).toEqual({
      waId: 'A',
      error: '463',
    });
  });

  it('reads nothing from an ack without an id', () => {
    expect(readAck(ack({ class: 'message' }))).toBeUndefined();
  });
});

describe('readReceipt', () => {
  it.each([
    [{}, 'DELIVERED'],
    [{ type: 'inactive' }, 'DELIVERED'],
    [{ type: 'read' }, 'READ'],
    [{ type: 'played' }, 'PLAYED'],
  ])('reads %j as %s', (attrs, state) => {
    expect(readReceipt(receipt(attrs))).toEqual({ state, waIds: ['A'] });
  });

  it.each(['retry', 'sender', 'peer_msg', 'hist_sync', 'read-self', 'server-error'])(
    'hears nothing of a message in a receipt of type %s',
    (type) => {
      expect(readReceipt(receipt({ type }))).toBeUndefined();
    },
  );

  it('reads all ids of a receipt for several messages, in order', () => {
    const list = { tag: 'list', attrs: {}, content: [item('B'), item('C')] };
    const other = { tag: 'biz', attrs: {}, content: [item('X')] };
    expect(readReceipt(receipt({ type: 'read' }, [list, other]))?.waIds).toEqual(['A', 'B', 'C']);
  });

  it('reads nothing from a receipt without an id', () => {
    expect(readReceipt({ tag: 'receipt', attrs: { from: FROM } })).toBeUndefined();
  });
});
