import { deflateSync } from 'node:zlib';
import { decodeBinaryNode, encodeBinaryNode } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type BinaryNode, bytesOf, childOf, childrenOf } from '#simulator/wire/binary-node.ts';
import { decodeNode, NODE_BYTES_MAX, NODE_DEPTH_MAX } from '#simulator/wire/decode-node.ts';
import { encodeNode } from '#simulator/wire/encode-node.ts';
import { WireError } from '#simulator/wire/wire-error.ts';
import { anyText, arbitraryNode, comparable, plainText } from './arbitrary-node.ts';

describe('the node codec', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(arbitraryNode(anyText), (node) => {
        expect(comparable(decodeNode(encodeNode(node)))).toEqual(comparable(node));
      }),
    );
  });

  it('writes what Baileys reads', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryNode(anyText), async (node) => {
        expect(comparable(await decodeBinaryNode(encodeNode(node)))).toEqual(comparable(node));
      }),
    );
  });

  it('reads what Baileys writes', () => {
    fc.assert(
      fc.property(arbitraryNode(plainText), (node) => {
        const written = encodeBinaryNode(forBaileys(node));
        expect(comparable(decodeNode(written))).toEqual(comparable(node));
      }),
    );
  });

  it('writes the same bytes as Baileys', () => {
    fc.assert(
      fc.property(arbitraryNode(plainText), (node) => {
        const theirs = encodeBinaryNode(forBaileys(node));
        expect(encodeNode(node).equals(theirs)).toBe(true);
      }),
    );
  });

  it('reads a compressed node', () => {
    const node: BinaryNode = { tag: 'message', attrs: { id: 'ABC' }, content: Buffer.alloc(5000) };
    const compressed = Buffer.concat([Buffer.of(2), deflateSync(encodeNode(node).subarray(1))]);
    expect(comparable(decodeNode(compressed))).toEqual(comparable(node));
  });

  it('carries lists of more than 255 nodes and content of more than a megabyte', () => {
    const node: BinaryNode = {
      tag: 'list',
      attrs: {},
      content: [
        ...Array.from({ length: 300 }, (_, index) => ({ tag: 'user', attrs: { id: `${index}` } })),
        { tag: 'big', attrs: {}, content: Buffer.alloc(1_200_000, 7) },
      ],
    };
    const read = decodeNode(encodeNode(node));
    expect(childrenOf(read, 'user')).toHaveLength(300);
    expect(bytesOf(childOf(read, 'big'))).toHaveLength(1_200_000);
  });

  it('carries the addresses of other networks', () => {
    const attrs = { facebook: '1234:17@msgr', interop: '9-4321:2@interop' };
    expect(decodeNode(encodeNode({ tag: 'a', attrs })).attrs).toEqual(attrs);
  });

  it('treats a name like __proto__ as any other', () => {
    const read = decodeNode(encodeNode({ tag: 'a', attrs: { ['__proto__']: 'x' } }));
    expect(Object.entries(read.attrs)).toEqual([['__proto__', 'x']]);
  });

  it('refuses a node without a tag', () => {
    expect(() => encodeNode({ tag: '', attrs: {} })).toThrow(WireError);
  });
});

describe('the node decoder, given hostile bytes', () => {
  it('answers any bytes with a node or a WireError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(outcomeOf(Buffer.concat([Buffer.of(0), bytes]))).toMatch(/^(node|WireError)$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('answers a changed node with a node or a WireError', () => {
    fc.assert(
      fc.property(arbitraryNode(anyText), fc.nat(), fc.nat(255), (node, at, value) => {
        const bytes = encodeNode(node);
        bytes[at % bytes.length] = value;
        expect(outcomeOf(bytes)).toMatch(/^(node|WireError)$/);
      }),
    );
  });

  it('refuses every node that is cut off', () => {
    fc.assert(
      fc.property(arbitraryNode(anyText), fc.nat(), (node, at) => {
        const bytes = encodeNode(node);
        expect(outcomeOf(bytes.subarray(0, at % bytes.length))).toBe('WireError');
      }),
    );
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['only a flag', Buffer.of(0)],
    ['an unknown flag', Buffer.of(1, 248, 1, 3)],
    ['an empty list', Buffer.of(0, 0)],
    ['a list of no items', Buffer.of(0, 248, 0)],
    ['a tag that is no token', Buffer.of(0, 248, 1, 240)],
    ['trailing bytes', Buffer.of(0, 248, 1, 3, 3)],
    ['text that is not UTF-8', Buffer.of(0, 248, 1, 252, 2, 0xc3, 0x28)],
    ['a wrong digit in a packed text', Buffer.of(0, 248, 1, 255, 1, 0xcc)],
    ['a packed text with a wrong filler', Buffer.of(0, 248, 1, 255, 0x81, 0x12)],
    ['an address without a server', Buffer.of(0, 248, 1, 250, 3, 0)],
    ['an address inside an address', Buffer.of(0, 248, 1, 250, 250, 3, 3, 3)],
    ['bytes that are not zlib', Buffer.of(2, 1, 2, 3)],
    ['content longer than the node', Buffer.of(0, 248, 2, 3, 254, 0xff, 0xff, 0xff, 0xff)],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeNode(bytes)).toThrow(WireError);
  });

  it('refuses nodes nested deeper than the limit, and takes those just within it', () => {
    const nestedNode = (depth: number): BinaryNode =>
      depth === 1
        ? { tag: 'a', attrs: {} }
        : { tag: 'a', attrs: {}, content: [nestedNode(depth - 1)] };
    expect(outcomeOf(encodeNode(nestedNode(NODE_DEPTH_MAX)))).toBe('node');
    expect(outcomeOf(encodeNode(nestedNode(NODE_DEPTH_MAX + 1)))).toBe('WireError');
  });

  it('refuses too many nodes', () => {
    const leaf: BinaryNode = { tag: 'a', attrs: {} };
    const row: BinaryNode = { tag: 'a', attrs: {}, content: Array(60_000).fill(leaf) };
    expect(outcomeOf(encodeNode(row))).toBe('node');
    expect(outcomeOf(encodeNode({ tag: 'a', attrs: {}, content: [row, row] }))).toBe('WireError');
  });

  it('does not inflate more than the limit', () => {
    const bomb = deflateSync(Buffer.alloc(NODE_BYTES_MAX + 1));
    expect(() => decodeNode(Buffer.concat([Buffer.of(2), bomb]))).toThrow(WireError);
  });
});

describe('the node accessors', () => {
  const node: BinaryNode = {
    tag: 'a',
    attrs: {},
    content: [
      { tag: 'b', attrs: { n: '1' }, content: 'text' },
      { tag: 'c', attrs: {} },
      { tag: 'b', attrs: { n: '2' } },
    ],
  };

  it('find children by tag', () => {
    expect(childOf(node, 'b')?.attrs['n']).toBe('1');
    expect(childOf(node, 'x')).toBeUndefined();
    expect(childrenOf(node)).toHaveLength(3);
    expect(childrenOf(node, 'b')).toHaveLength(2);
    expect(childrenOf({ tag: 'a', attrs: {}, content: 'text' })).toEqual([]);
  });

  it('give content as bytes, or say that there is none', () => {
    expect(bytesOf(childOf(node, 'b')).toString()).toBe('text');
    expect(() => bytesOf(childOf(node, 'c'))).toThrow(WireError);
    expect(() => bytesOf(undefined)).toThrow(WireError);
    expect(() => bytesOf(node)).toThrow(WireError);
  });
});

/** Baileys' own type of a node has no readonly parts. */
function forBaileys({ tag, attrs, content }: BinaryNode): Parameters<typeof encodeBinaryNode>[0] {
  if (content === undefined) return { tag, attrs: { ...attrs } };
  const isLeaf = typeof content === 'string' || content instanceof Uint8Array;
  return { tag, attrs: { ...attrs }, content: isLeaf ? content : content.map(forBaileys) };
}

function outcomeOf(bytes: Uint8Array): string {
  try {
    decodeNode(bytes);
    return 'node';
  } catch (error) {
    return error instanceof Error ? error.name : 'no error';
  }
}
