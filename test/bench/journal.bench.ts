import { createHash, randomBytes } from 'node:crypto';
import { encodeChanges } from '#runner/journal/changes.ts';
import { sealRecord } from '#runner/journal/record-codec.ts';
import { NO_HASH } from '#runner/journal/record-header.ts';

/**
 * `npm run bench:journal`: what a record costs between the change and its write, by the size of the change. It is CPU
 * time, so that what else the machine does is not counted.
 */
const ROUNDS = 5_000;
const key = randomBytes(32);

/** A change as sending makes it: a ratchet, of which most is keys that do not deflate. */
function aChange(bytes: number) {
  const chains = Array.from({ length: Math.ceil(bytes / 100) }, () => randomBytes(48));
  return { session: { '2348179803743.0': { version: 'v1', chains } } };
}

async function encode(changes: ReturnType<typeof aChange>, seq: number): Promise<Uint8Array> {
  const header = { type: 'DATA', instanceId: '65f0c0ffee65f0c0ffee65f0', seq, epoch: 7 } as const;
  const rest = {
    hash: NO_HASH,
    writer: '00'.repeat(8),
    atMs: 1,
    keyId: '000000000001-0011223344556677',
  };
  const nonce = randomBytes(12);
  const bytes = await sealRecord({ ...header, ...rest }, encodeChanges(changes), { key, nonce });
  createHash('sha256').update(bytes).digest();
  return bytes;
}

async function measure(name: string, work: (seq: number) => Promise<Uint8Array> | Uint8Array) {
  for (let n = 0; n < ROUNDS / 10; n += 1) await work(n);
  const started = process.cpuUsage();
  let bytes = 0;
  for (let n = 0; n < ROUNDS; n += 1) bytes = (await work(n)).byteLength;
  const { user, system } = process.cpuUsage(started);
  const eachMs = (user + system) / 1_000 / ROUNDS;
  process.stdout.write(`${name}: ${eachMs.toFixed(3)} ms of CPU, ${bytes} bytes\n`);
}

for (const size of [500, 2_000, 20_000]) {
  const change = aChange(size);
  const plainBytes = encodeChanges(change).byteLength;
  await measure(`${plainBytes} bytes of JSON, as before`, () => encodeChanges(change));
  await measure(`${plainBytes} bytes of JSON, sealed`, (seq) => encode(change, seq));
}
