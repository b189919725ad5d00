import type { CompletedPart } from '@aws-sdk/client-s3';
import { followsLostAnswer } from './lost-answers.ts';
import { isUploadGone } from './s3-fault.ts';
import type { S3Place } from './s3-read.ts';

/** What is not longer goes in one request; what is goes in parts of this length, of which S3 takes 10,000. */
const PART_BYTES = 8_388_608;

/** Writes what arrives over time, with a part or two of it in memory. Answers its length. */
export async function writePieces(
  source: AsyncIterable<Uint8Array>,
  place: S3Place,
): Promise<number> {
  let upload: PartedUpload | undefined;
  let total = 0;
  try {
    for await (const { bytes, isLast } of partsOf(source)) {
      total += bytes.byteLength;
      if (isLast && upload === undefined) {
        await place.client.put({ ...place.at, Body: bytes });
      } else {
        upload ??= await PartedUpload.begin(place);
        await upload.write(bytes);
      }
    }
    await upload?.complete();
  } catch (cause) {
    await upload?.abort();
    throw cause;
  }
  return total;
}

/** A blob on its way in parts: it is there when the upload is completed, whole. */
class PartedUpload {
  readonly #place: S3Place;
  readonly #id: string | undefined;
  readonly #parts: CompletedPart[] = [];

  private constructor(place: S3Place, id: string | undefined) {
    this.#place = place;
    this.#id = id;
  }

  static async begin(place: S3Place): Promise<PartedUpload> {
    const { UploadId } = await place.client.beginUpload(place.at);
    return new PartedUpload(place, UploadId);
  }

  async write(bytes: Uint8Array): Promise<void> {
    const PartNumber = this.#parts.length + 1;
    const part = { ...this.#upload(), PartNumber, Body: bytes };
    const { ETag, ChecksumCRC32 } = await this.#place.client.putPart(part);
    this.#parts.push({ PartNumber, ETag, ChecksumCRC32 });
  }

  async complete(): Promise<void> {
    const MultipartUpload = { Parts: this.#parts };
    try {
      await this.#place.client.completeUpload({ ...this.#upload(), MultipartUpload });
    } catch (cause) {
      // Nobody else ends this upload: it is gone because an attempt whose answer was lost has completed it.
      if (!(followsLostAnswer(cause) && isUploadGone(cause))) throw cause;
    }
  }

  /** What made it necessary is the fault to tell: parts that stay go by the bucket's rule, after a day. */
  async abort(): Promise<void> {
    await this.#place.client.abortUpload(this.#upload()).catch(() => undefined);
  }

  #upload() {
    return { ...this.#place.at, UploadId: this.#id };
  }
}

type Part = { readonly bytes: Uint8Array; readonly isLast: boolean };

/** One part at least. All but the last have the full length, and only a single one may be empty. */
async function* partsOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  let gathered: Uint8Array[] = [];
  let room = PART_BYTES;
  const take = () => {
    const bytes = Buffer.concat(gathered);
    gathered = [];
    room = PART_BYTES;
    return bytes;
  };
  for await (const piece of source) {
    for (let rest = piece; rest.byteLength > 0; ) {
      if (room === 0) yield { bytes: take(), isLast: false };
      const taken = rest.subarray(0, room);
      gathered.push(taken);
      room -= taken.byteLength;
      rest = rest.subarray(taken.byteLength);
    }
  }
  yield { bytes: take(), isLast: true };
}
