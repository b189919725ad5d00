import { inflateSync } from 'node:zlib';

import type { BinaryNode } from './binary-node.ts';
import { ByteReader } from './byte-reader.ts';
import { readBinary, readText } from './read-text.ts';
import { TAG } from './token-dictionary.ts';
import { WireError } from './wire-error.ts';

/** What hostile bytes may cost us at most. WhatsApp's own stanzas are far below all of these. */
export const NODE_BYTES_MAX = 16 * 1024 * 1024;
export const NODE_DEPTH_MAX = 64;
const NODE_COUNT_MAX = 100_000;

const PLAIN_FLAG = 0;
const ZLIB_FLAG = 2;

/** Counts what one stanza has used of the limits. */
type Budget = { nodesLeft: number };

/**
 * Reads the flag byte (0 plain, 2 zlib) and the one node behind it.
 * Throws WireError on anything malformed, on trailing bytes, and past the limits above.
 */
export function decodeNode(bytes: Uint8Array): BinaryNode {
  const reader = new ByteReader(plainBytes(bytes));
  const node = readNode(reader, { nodesLeft: NODE_COUNT_MAX }, NODE_DEPTH_MAX);
  if (!reader.atEnd) throw new WireError('There are bytes behind the node.');
  return node;
}

function plainBytes(bytes: Uint8Array): Buffer {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(1);
  switch (bytes[0]) {
    case PLAIN_FLAG:
      if (body.length > NODE_BYTES_MAX) throw new WireError('The node is too long.');
      return body;
    case ZLIB_FLAG:
      return inflate(body);
    default:
      throw new WireError(`The flag byte ${bytes[0]} is unknown.`);
  }
}

function inflate(body: Buffer): Buffer {
  try {
    return inflateSync(body, { maxOutputLength: NODE_BYTES_MAX });
  } catch (cause) {
    throw new WireError('The node is badly compressed or too long.', { cause });
  }
}

function readNode(reader: ByteReader, budget: Budget, depthLeft: number): BinaryNode {
  if (depthLeft === 0) throw new WireError('The nodes are nested too deep.');
  if (budget.nodesLeft === 0) throw new WireError('There are too many nodes.');
  budget.nodesLeft -= 1;
  const items = listSize(reader, reader.readInteger(1));
  if (items === undefined || items === 0) throw new WireError('A node must be a list.');
  const tag = readText(reader, reader.readInteger(1));
  if (tag === '') throw new WireError('A node must have a tag.');
  const attrs = readAttributes(reader, (items - 1) >> 1);
  const hasContent = items % 2 === 0;
  return hasContent
    ? { tag, attrs, content: readContent(reader, budget, depthLeft) }
    : { tag, attrs };
}

/** `fromEntries` makes own properties, so a name like "__proto__" does no harm. */
function readAttributes(reader: ByteReader, count: number): Record<string, string> {
  const entries: [string, string][] = [];
  for (let index = 0; index < count; index += 1) {
    const name = readText(reader, reader.readInteger(1));
    entries.push([name, readText(reader, reader.readInteger(1))]);
  }
  return Object.fromEntries(entries);
}

function readContent(
  reader: ByteReader,
  budget: Budget,
  depthLeft: number,
): NonNullable<BinaryNode['content']> {
  const tag = reader.readInteger(1);
  const items = listSize(reader, tag);
  if (items === undefined) return readBinary(reader, tag) ?? readText(reader, tag);
  const children: BinaryNode[] = [];
  for (let index = 0; index < items; index += 1) {
    children.push(readNode(reader, budget, depthLeft - 1));
  }
  return children;
}

/** The number of items behind a list tag; undefined when the tag is another one. */
function listSize(reader: ByteReader, tag: number): number | undefined {
  switch (tag) {
    case TAG.listEmpty:
      return 0;
    case TAG.list8:
      return reader.readInteger(1);
    case TAG.list16:
      return reader.readInteger(2);
    default:
      return undefined;
  }
}
