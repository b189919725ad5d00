import { expect, it } from 'vitest';
import * as z from 'zod';
import { startChild } from './child.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MIB = 1_048_576;
const BLOB_BYTES = 100 * MIB;
const GROWN_BYTES_MAX = 32 * MIB;

const Report = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), uploadUrl: z.url(), downloadUrl: z.url() }),
  z.object({ kind: z.literal('measured'), grownBytes: z.number() }),
]);
type Report = z.infer<typeof Report>;

it('holds little of 100 MB while they are written, read, uploaded and downloaded', async () => {
  const dataDir = await temporaryFolder();
  const ready = Promise.withResolvers<Report & { kind: 'ready' }>();
  const measured = Promise.withResolvers<number>();
  const child = startChild('stream-blob', [dataDir, String(BLOB_BYTES)], (said) => {
    const report = Report.parse(said);
    if (report.kind === 'ready') ready.resolve(report);
    else measured.resolve(report.grownBytes);
  });
  const { uploadUrl, downloadUrl } = await ready.promise;
  const upload = await fetch(uploadUrl, { method: 'PUT', body: Buffer.alloc(BLOB_BYTES, 7) });
  expect(upload.status).toBe(200);
  let downloadedBytes = 0;
  for await (const piece of (await fetch(downloadUrl)).body ?? []) {
    downloadedBytes += piece.byteLength;
  }
  expect(downloadedBytes).toBe(BLOB_BYTES);
  child.go();
  expect(await measured.promise).toBeLessThan(GROWN_BYTES_MAX);
  expect(await child.ended).toEqual({ code: 0, signal: null });
});
