import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LinkedInstance, NO_VIOLATIONS, violations } from './linked-instance.ts';
import { ProcessTree } from './process-tree.ts';

const JOURNAL = fileURLToPath(new URL('../../infra/journal/main.ts', import.meta.url));
const [DAMAGED, NEIGHBOUR, CUSTOMER] = ['15550000001', '15550000002', '15550000003'] as const;

let tree: ProcessTree;
let damaged: LinkedInstance;
let neighbour: LinkedInstance;

beforeAll(async () => {
  tree = await ProcessTree.make();
  await tree.start();
  damaged = await LinkedInstance.make(tree, { phone: DAMAGED, others: [CUSTOMER] });
  neighbour = await LinkedInstance.make(tree, { phone: NEIGHBOUR, others: [] });
}, 60_000);

afterAll(async () => {
  await tree.kill();
  await tree.remove();
});

it('keeps an instance whose journal was damaged from WhatsApp until it is restored, and no other', async () => {
  const instanceId = await idOf(damaged);
  await damaged.untilState(await damaged.send(CUSTOMER, 'before'), 'DELIVERED', 'READ');
  expect(await tree.stop()).toBe(0);
  const seq = await spoilLastRecord(instanceId);
  await tree.start();

  await damaged.untilStatus('QUARANTINED');
  await neighbour.untilStatus('CONNECTED');
  await neighbour.untilState(await neighbour.send(CUSTOMER, 'still here'), 'DELIVERED', 'READ');
  const waiting = await damaged.send(CUSTOMER, 'waits');

  const seen = await journal('inspect', '--instance', instanceId);
  expect(seen).toMatch(new RegExp(`^${seq} .*CORRUPT: not_authentic$`, 'm'));
  expect(await journal('restore', '--instance', instanceId)).toContain(`record ${seq - 1} `);

  const api = await tree.api();
  await api.call('POST', '/whatsapp/init', damaged.credentials);
  await damaged.untilStatus('CONNECTED');
  await damaged.untilState(waiting, 'DELIVERED', 'READ');
  expect(await violations(tree.simulator)).toEqual(NO_VIOLATIONS);
}, 60_000);

it('uses no place of a ratchet again after a restore that leaves sends and messages out', async () => {
  const instanceId = await idOf(damaged);
  const folder = (await folderOf(instanceId)) ?? '';
  const before = Number.parseInt((await readdir(folder)).sort().at(-1) ?? '', 10);
  for (const text of ['left out', 'left out, too']) {
    await damaged.untilState(await damaged.send(CUSTOMER, text), 'DELIVERED', 'READ');
  }
  expect(await tree.stop()).toBe(0);
  await tree.start();
  await damaged.untilStatus('CONNECTED');
  expect(await tree.stop()).toBe(0);
  const args = ['--instance', instanceId, '--to', String(before)];
  expect(await journal('restore', ...args)).toContain(`record ${before} `);
  await tree.start();
  await damaged.untilStatus('CONNECTED');
  for (const text of ['goes on', 'and on']) {
    await damaged.untilState(await damaged.send(CUSTOMER, text), 'DELIVERED', 'READ');
  }
  expect(await violations(tree.simulator)).toEqual(NO_VIOLATIONS);
}, 60_000);

it('lets an instance be deleted that is quarantined', async () => {
  const instanceId = await idOf(neighbour);
  expect(await tree.stop()).toBe(0);
  await spoilLastRecord(instanceId);
  await tree.start();
  await neighbour.untilStatus('QUARANTINED');
  const api = await tree.api();
  expect(await api.call('DELETE', `/whatsapp/${instanceId}`)).toMatchObject({ status: 204 });
  await expect.poll(() => folderOf(instanceId), { timeout: 30_000 }).toBeUndefined();
}, 60_000);

async function journal(...args: readonly string[]): Promise<string> {
  const env = { DATA_DIR: tree.dataDir };
  return (await promisify(execFile)(process.execPath, [JOURNAL, ...args], { env })).stdout;
}

async function idOf({ credentials }: LinkedInstance): Promise<string> {
  const { body } = await (await tree.api()).call('GET', '/whatsapp');
  const { data } = body as { data: { _id: string; session_id: string }[] };
  return data.find(({ session_id }) => session_id === credentials.session_id)?._id ?? '';
}

/** The folder of an instance's records; `undefined` when it has none. */
async function folderOf(instanceId: string): Promise<string | undefined> {
  const blobs = join(tree.dataDir, 'blobs', 'data');
  const all = await readdir(blobs, { recursive: true });
  const folder = all.find((path) => path.endsWith(join(`${instanceId},d`, 'j,d')));
  return folder === undefined ? undefined : join(blobs, folder);
}

/** Flips one bit in the file of the last record, and answers its number. */
async function spoilLastRecord(instanceId: string): Promise<number> {
  const folder = (await folderOf(instanceId)) ?? '';
  const last = (await readdir(folder)).sort().at(-1) ?? '';
  const bytes = await readFile(join(folder, last));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(join(folder, last), bytes);
  return Number.parseInt(last, 10);
}
