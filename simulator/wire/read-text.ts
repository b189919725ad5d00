import { isUtf8 } from 'node:buffer';

import type { ByteReader } from './byte-reader.ts';
import { serverOfDomain } from './device-domains.ts';
import { formatJid } from './jid.ts';
import { doubleToken, singleToken, TAG } from './token-dictionary.ts';
import { WireError } from './wire-error.ts';

const NIBBLE_ALPHABET = '0123456789-.';
const HEX_ALPHABET = '0123456789ABCDEF';
const PACKED_FILLER = 15;

/** Reads the text that begins with this tag byte. Throws WireError when it is none. */
export function readText(reader: ByteReader, tag: number): string {
  switch (tag) {
    case TAG.jidPair:
      return readJidPair(reader);
    case TAG.deviceJid:
      return readDeviceJid(reader);
    case TAG.facebookJid:
      return readFacebookJid(reader);
    case TAG.interopJid:
      return readInteropJid(reader);
    default:
      return readPart(reader, tag);
  }
}

/** The bytes behind a binary tag; undefined when the tag is another one. */
export function readBinary(reader: ByteReader, tag: number): Buffer | undefined {
  switch (tag) {
    case TAG.binary8:
      return reader.readBytes(reader.readInteger(1));
    case TAG.binary20:
      // The upper four of the 24 bits have no meaning.
      return reader.readBytes(reader.readInteger(3) & 0xfffff);
    case TAG.binary32:
      return reader.readBytes(reader.readInteger(4));
    default:
      return undefined;
  }
}

/** Text that is no address, so that hostile bytes cannot nest addresses without end. */
function readPart(reader: ByteReader, tag = reader.readInteger(1)): string {
  if (tag === TAG.listEmpty) return '';
  if (tag === TAG.nibble8) return readPacked(reader, NIBBLE_ALPHABET);
  if (tag === TAG.hex8) return readPacked(reader, HEX_ALPHABET);
  const raw = readBinary(reader, tag);
  if (raw) {
    if (!isUtf8(raw)) throw new WireError('A text of the node is not UTF-8.');
    return raw.toString('utf8');
  }
  const isDouble = tag >= TAG.dictionary0 && tag <= TAG.dictionary3;
  const token = isDouble
    ? doubleToken(tag - TAG.dictionary0, reader.readInteger(1))
    : singleToken(tag);
  if (token === undefined) throw new WireError(`No text begins with the byte ${tag}.`);
  return token;
}

/** The length byte counts bytes; its top bit says that the last half byte is only a filler. */
function readPacked(reader: ByteReader, alphabet: string): string {
  const start = reader.readInteger(1);
  const isOdd = start >= 0x80;
  const bytes = reader.readBytes(start & 0x7f);
  const values = Array.from(bytes, (byte) => [byte >> 4, byte & 0x0f]).flat();
  if (isOdd && values.pop() !== PACKED_FILLER) throw new WireError('A packed text ends wrongly.');
  return values.map((value) => packedCharacter(alphabet, value)).join('');
}

function packedCharacter(alphabet: string, value: number): string {
  const character = alphabet[value];
  if (character === undefined) throw new WireError('A packed text has a wrong digit.');
  return character;
}

function readJidPair(reader: ByteReader): string {
  const user = readPart(reader);
  const server = readPart(reader);
  if (server === '') throw new WireError('An address has no server.');
  return `${user}@${server}`;
}

function readDeviceJid(reader: ByteReader): string {
  const server = serverOfDomain(reader.readInteger(1));
  const device = reader.readInteger(1);
  return formatJid({ user: readPart(reader), device, server });
}

function readFacebookJid(reader: ByteReader): string {
  const user = readPart(reader);
  const device = reader.readInteger(2);
  return `${user}:${device}@${readPart(reader)}`;
}

function readInteropJid(reader: ByteReader): string {
  const user = readPart(reader);
  const device = reader.readInteger(2);
  const integrator = reader.readInteger(2);
  return `${integrator}-${user}:${device}@${readPart(reader)}`;
}
