/**
 * How long a large file takes through the whole system, and by how much each process grows meanwhile:
 * `npm run bench:media`. Linux alone tells the most memory that a process has had.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { LinkedInstance } from '../e2e/linked-instance.ts';
import { LinkedTree } from '../e2e/linked-tree.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';
const MEGABYTE = 1024 * 1024;
const WARM_BYTES = MEGABYTE;
const BYTES = 60 * MEGABYTE;

const Announced = z.object({
  data: z.object({
    _id: z.string(),
    upload: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
  }),
});

const system = await LinkedTree.open({ phone: BUSINESS, others: [CUSTOMER] });
try {
  // What every process needs once is no part of what a file costs.
  await sendOut(system.instance, WARM_BYTES);
  await takeIn(WARM_BYTES);
  await measure('out: upload, send, at the phone', () => sendOut(system.instance, BYTES));
  await measure('in: from the phone, event, download', () => takeIn(BYTES));
} finally {
  await system.close();
}

async function measure(name: string, work: () => Promise<void>): Promise<void> {
  const before = await peaks();
  const startMs = performance.now();
  await work();
  const seconds = (performance.now() - startMs) / 1_000;
  print(`${BYTES / MEGABYTE} MB ${name}: ${seconds.toFixed(2)} s`);
  for (const [script, peak] of Object.entries(await peaks())) {
    const growth = peak - (before[script] ?? 0);
    print(`  ${script.padEnd(22)} VmHWM ${peak.toFixed(0)} MB, +${growth.toFixed(0)} MB`);
  }
}

/** Uploads the file as an attachment, sends it, and waits until the phone has decrypted it. */
async function sendOut(instance: LinkedInstance, size: number): Promise<void> {
  const api = await system.tree.api();
  const file = { fileName: 'large.bin', mimetype: 'application/x-bench', size };
  const { body } = await api.call('POST', '/whatsapp/attachments', file);
  const { _id: attachmentId, upload } = Announced.parse(body).data;
  const { url, headers } = upload;
  const answer = await fetch(url, {
    method: 'PUT',
    headers,
    body: new Uint8Array(randomBytes(size)),
  });
  if (answer.status !== 200) throw new Error(`The upload was refused: ${answer.status}`);
  const id = await instance.sendAs('doc', { chatId: CUSTOMER, attachmentId });
  const { media } = await system.shown(CUSTOMER, id);
  if (media?.size !== size) throw new Error('The phone has another file.');
}

/** Has the phone send the file, waits for its event, and downloads what the event names. */
async function takeIn(size: number): Promise<void> {
  const { simulator } = system.tree;
  const query = `to=${BUSINESS}&type=document&mimetype=application/x-bench&fileName=${size}`;
  await fetch(`${simulator.url}/phones/${CUSTOMER}/messages/media?${query}`, {
    method: 'POST',
    body: new Uint8Array(randomBytes(size)),
  });
  const { data } = await system.event('the file', ({ event, data: { media } }) => {
    return event === 'onMessage' && media?.size === size;
  });
  const bytes = await (await fetch(data.media.url)).bytes();
  if (bytes.length !== size) throw new Error('Behind the URL is another file.');
}

/** The most memory that each process has had, in MB. */
async function peaks(): Promise<Record<string, number>> {
  const found = Object.entries(system.tree.processes()).map(async ([script, pid]) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const kilobytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
    return [script, kilobytes / 1024] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
