import type { ByteWriter } from './byte-writer.ts';
import { domainByteOf } from './device-domains.ts';
import { bytesOfToken, PACKED_CHARS_MAX, TAG } from './token-dictionary.ts';
import { WireError } from './wire-error.ts';

const NIBBLE_ALPHABET = '0123456789-.';
const HEX_ALPHABET = '0123456789ABCDEF';
/** Fills the last half byte of a packed string of odd length. */
const PACKED_FILLER = 15;
const ODD_FLAG = 0x80;

const BINARY_20_LIMIT = 1 << 20;
const BINARY_32_LIMIT = 2 ** 32;

/** Only addresses that read back as the same text: a device from 1 to 255, and no agent. */
const DEVICE_JID = /^([^@:_]+):([1-9]\d{0,2})@([^@:]+)$/;
const PLAIN_JID = /^([^@]*)@([^@]+)$/;
const DEVICE_BYTE_MAX = 255;
const FACEBOOK_SERVER = 'msgr';
const INTEROP_SERVER = 'interop';
const INTEROP_USER = /^(\d{1,5})-(.+)$/;
const INTEGRATOR_MAX = 0xffff;

/** Writes text in its shortest form: token, packed digits, address, or UTF-8. */
export function writeText(writer: ByteWriter, text: string): void {
  const written = writeToken(writer, text) || writePacked(writer, text) || writeJid(writer, text);
  if (!written) writeRaw(writer, text);
}

/** The tag and the length before raw bytes. */
export function writeByteLength(writer: ByteWriter, length: number): void {
  if (length >= BINARY_32_LIMIT) throw new WireError('The content is too long.');
  if (length < 256) {
    writer.writeBytes([TAG.binary8, length]);
  } else if (length < BINARY_20_LIMIT) {
    writer.writeInteger(TAG.binary20, 1);
    writer.writeInteger(length, 3);
  } else {
    writer.writeInteger(TAG.binary32, 1);
    writer.writeInteger(length, 4);
  }
}

/** Writes text that is no address: the parts of an address. */
function writePart(writer: ByteWriter, text: string): void {
  if (!writeToken(writer, text) && !writePacked(writer, text)) writeRaw(writer, text);
}

function writeToken(writer: ByteWriter, text: string): boolean {
  const bytes = bytesOfToken(text);
  if (bytes) writer.writeBytes(bytes);
  return bytes !== undefined;
}

function writeRaw(writer: ByteWriter, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  writeByteLength(writer, bytes.length);
  writer.writeBytes(bytes);
}

/** Two characters a byte, when one of the two alphabets has them all. */
function writePacked(writer: ByteWriter, text: string): boolean {
  if (text === '' || text.length > PACKED_CHARS_MAX) return false;
  const digits = digitsIn(NIBBLE_ALPHABET, text);
  const values = digits ?? digitsIn(HEX_ALPHABET, text);
  if (!values) return false;
  const isOdd = values.length % 2 === 1;
  if (isOdd) values.push(PACKED_FILLER);
  const bytes: number[] = [];
  for (let at = 0; at < values.length; at += 2) {
    bytes.push(((values[at] ?? 0) << 4) | (values[at + 1] ?? 0));
  }
  writer.writeBytes([digits ? TAG.nibble8 : TAG.hex8, bytes.length | (isOdd ? ODD_FLAG : 0)]);
  writer.writeBytes(bytes);
  return true;
}

function digitsIn(alphabet: string, text: string): number[] | undefined {
  const values = Array.from(text, (character) => alphabet.indexOf(character));
  return values.includes(-1) ? undefined : values;
}

function writeJid(writer: ByteWriter, text: string): boolean {
  if (writeDeviceJid(writer, text)) return true;
  const [, user, server] = PLAIN_JID.exec(text) ?? [];
  if (user === undefined || server === undefined) return false;
  writer.writeInteger(TAG.jidPair, 1);
  if (user === '') writer.writeInteger(TAG.listEmpty, 1);
  else writePart(writer, user);
  writePart(writer, server);
  return true;
}

/** The forms with a device number; each server family has its own. */
function writeDeviceJid(writer: ByteWriter, text: string): boolean {
  const [, user, deviceText, server] = DEVICE_JID.exec(text) ?? [];
  if (user === undefined || server === undefined) return false;
  const device = Number(deviceText);
  if (server === FACEBOOK_SERVER) {
    writer.writeInteger(TAG.facebookJid, 1);
    writePart(writer, user);
    writer.writeInteger(device, 2);
    writePart(writer, server);
    return true;
  }
  if (server === INTEROP_SERVER) return writeInteropJid(writer, user, device);
  const domain = domainByteOf(server);
  if (domain === undefined || device > DEVICE_BYTE_MAX) return false;
  writer.writeBytes([TAG.deviceJid, domain, device]);
  writePart(writer, user);
  return true;
}

function writeInteropJid(writer: ByteWriter, user: string, device: number): boolean {
  const [, integratorText, name] = INTEROP_USER.exec(user) ?? [];
  const integrator = Number(integratorText);
  const isCanonical = String(integrator) === integratorText && integrator <= INTEGRATOR_MAX;
  if (name === undefined || !isCanonical) return false;
  writer.writeInteger(TAG.interopJid, 1);
  writePart(writer, name);
  writer.writeInteger(device, 2);
  writer.writeInteger(integrator, 2);
  writePart(writer, INTEROP_SERVER);
  return true;
}
