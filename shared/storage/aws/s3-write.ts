import type { CompletedPart } from '@aws-sdk/client-s3';
import { followsLostAnswer } from './lost-answers.ts';
import { isUploadGone } from './s3-fault.ts';
import type { S3Place } from './s3-read.ts';

/** What is not longer goes in one request; what is goes in parts of this length, of which S3 takes 10,000. */
const PART_BYTES = 8_388_608;

/** Writes what arrives over time, with two parts of it in memory at most. Answers its length. */
export async function writePieces(
  source: AsyncIterable<Uint8Array>,
  place: S3Place,
): Promise<number> {
  const parts = partsOf(source);
  try {
    const first = await parts.next();
    const second = await parts.next();
    if (second.done !== true) return await writeParts([first.value, second.value], parts, place);
    const bytes = first.value ?? new Uint8Array();
    await place.client.put({ ...place.at, Body: bytes });
    return bytes.byteLength;
  } finally {
    // When S3 fails, the source is told that nobody wants the rest.
    await parts.return(undefined);
  }
}

async function writeParts(
  begun: readonly (Uint8Array | undefined)[],
  rest: AsyncIterable<Uint8Array>,
  { client, at }: S3Place,
): Promise<number> {
  const { UploadId } = await client.beginUpload(at);
  const upload = { ...at, UploadId };
  const written: CompletedPart[] = [];
  let bytes = 0;
  const write = async (part: Uint8Array) => {
    const PartNumber = written.length + 1;
    const { ETag, ChecksumCRC32 } = await client.putPart({ ...upload, PartNumber, Body: part });
    written.push({ PartNumber, ETag, ChecksumCRC32 });
    bytes += part.byteLength;
  };
  try {
    for (const part of begun) if (part !== undefined) await write(part);
    for await (const part of rest) await write(part);
    await client.completeUpload({ ...upload, MultipartUpload: { Parts: written } });
  } catch (cause) {
    // Nobody else ends this upload: it is gone because an attempt whose answer was lost has completed it.
    if (followsLostAnswer(cause) && isUploadGone(cause)) return bytes;
    // The first fault is the one to tell. Parts that stay behind go by the bucket's rule, after a day.
    await client.abortUpload(upload).catch(() => undefined);
    throw cause;
  }
  return bytes;
}

/** All parts but the last have the full length, and no part is empty. */
async function* partsOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of source) {
    let rest = piece;
    while (bytes + rest.byteLength >= PART_BYTES) {
      const taken = rest.subarray(0, PART_BYTES - bytes);
      yield Buffer.concat([...gathered, taken]);
      rest = rest.subarray(taken.byteLength);
      gathered = [];
      bytes = 0;
    }
    if (rest.byteLength > 0) gathered.push(rest);
    bytes += rest.byteLength;
  }
  if (bytes > 0) yield Buffer.concat(gathered);
}
