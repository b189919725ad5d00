import { Readable } from 'node:stream';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Ambient } from './retry-passing.ts';
import type { S3Client } from './s3-client.ts';
import { BrokenBody } from './s3-fault.ts';

/** So often in a row, without a byte between, may the connection break. */
const BREAKS_MAX = 5;
const DELAY_MS_MIN = 25;

export type S3Place = {
  readonly client: S3Client;
  readonly at: { readonly Bucket: string; readonly Key: string };
};

/**
 * The pieces of a blob whose answer has begun. A connection whose reader is slow is dropped, and the retries of the SDK
 * end at the head of an answer: so what breaks off is asked for again from there on, of the very same version.
 */
export async function* readPieces(
  first: GetObjectCommandOutput,
  { client, at }: S3Place,
  { sleep, random }: Pick<Ambient, 'sleep' | 'random'>,
): AsyncGenerator<Uint8Array> {
  const { ETag, ContentLength } = first;
  let answer = first;
  let done = 0;
  let breaks = 0;
  for (;;) {
    try {
      for await (const piece of bodyOf(answer)) {
        done += piece.byteLength;
        breaks = 0;
        yield piece;
      }
      return;
    } catch (cause) {
      breaks += 1;
      // With all bytes there, it is the checksum that is wrong.
      if (breaks >= BREAKS_MAX || done === ContentLength) throw new BrokenBody({ cause });
    }
    await sleep(random() * DELAY_MS_MIN * 2 ** breaks);
    answer = await client.get({ ...at, Range: `bytes=${done}-`, IfMatch: ETag });
  }
}

/** The SDK's type has the streams of browsers too. */
function bodyOf({ Body }: GetObjectCommandOutput): AsyncIterable<Uint8Array> {
  if (Body instanceof Readable) return Body;
  throw new Error('S3 has answered without a body.');
}
