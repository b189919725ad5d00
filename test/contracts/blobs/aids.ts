import { randomUUID } from 'node:crypto';
import type { Blobs, ListOptions } from '#shared/storage/blobs.ts';

export type GetBlobs = () => Blobs;

/** A prefix that no other test uses. */
export function aPrefix(): string {
  return `test/${randomUUID()}/`;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What is there, as plain bytes: a home may answer with a `Buffer`. */
export async function bytesAt(blobs: Blobs, key: string): Promise<Uint8Array | undefined> {
  const bytes = await blobs.get(key);
  return bytes && new Uint8Array(bytes);
}

/** What is there as text, or `undefined`. */
export async function textAt(blobs: Blobs, key: string): Promise<string | undefined> {
  const bytes = await blobs.get(key);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** All keys that the home lists under the prefix. */
export async function listAll(
  blobs: Blobs,
  prefix: string,
  options?: ListOptions,
): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const key of blobs.list(prefix, options)) keys.push(key);
  return keys;
}
