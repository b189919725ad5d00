import { type ChildProcess, execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setInterval } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { SimulatorConnection } from '#simulator/simulator.ts';
import { silenceLibsignal } from '../silence-libsignal.ts';
import { call } from './end-to-end/control-client.ts';
import { mediaAgent, pair } from './end-to-end/paired-client.ts';
import { endFork, forkSimulator } from './forked-simulator.ts';

const BOT = '15550015001';
const ANNA = '15550015002';
const BEN = '15550015003';
const MIB = 1024 * 1024;
const FILE_BYTES = 60 * MIB;
/** Enough that the garbage of streaming shows, which V8 lets grow to some 60 MiB. */
const SMALL_FILE_BYTES = 20 * MIB;
const GROWTH_BYTES_MAX = 60 * MIB;
const CHUNK_BYTES = 64 * 1024;
const LOOK_EVERY_MS = 20;
const TEST_TIMEOUT_MS = 60_000;

silenceLibsignal();

describe('media of 60 MB', { timeout: TEST_TIMEOUT_MS }, () => {
  let dataDir: string;
  let child: ChildProcess;
  let simulator: SimulatorConnection;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'simulator-memory-'));
    ({ child, connection: simulator } = await forkSimulator(dataDir));
    for (const number of [ANNA, BEN]) await call(simulator, 'POST', '/phones', { number });
  });
  afterEach(async () => {
    await endFork(child, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  const residentBytes = async () => {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', `${child.pid}`]);
    return Number(stdout) * 1024;
  };

  /** The most memory that the simulator has while the work is done. */
  const peakDuring = async (work: () => Promise<void>): Promise<number> => {
    const done = new AbortController();
    const working = work().finally(() => done.abort());
    let peak = 0;
    try {
      for await (const _ of setInterval(LOOK_EVERY_MS, undefined, { signal: done.signal })) {
        peak = Math.max(peak, await residentBytes());
      }
    } catch (error) {
      if (!done.signal.aborted) throw error;
    }
    await working;
    return peak;
  };

  const phoneFetches = async (id: string) => {
    const response = await fetch(`${simulator.controlUrl}/phones/${BEN}/messages/${id}/media`);
    expect(response.status).toBe(200);
    return hashOf(response.body ?? []);
  };

  it('passes from phone to phone while the simulator stays small', async () => {
    const transfer = async (size: number) => {
      const hash = createHash('sha256');
      const query = new URLSearchParams({ to: BEN, type: 'video', mimetype: 'video/mp4' });
      const url = `${simulator.controlUrl}/phones/${ANNA}/messages/media?${query}`;
      const body = Readable.toWeb(Readable.from(hashed(randomChunks(size), hash)));
      const response = await fetch(url, { method: 'POST', body, duplex: 'half' });
      const { id } = (await response.json()) as { id: string };
      expect(await phoneFetches(id)).toBe(hash.digest('hex'));
    };
    const before = await peakDuring(() => transfer(SMALL_FILE_BYTES));
    const peak = await peakDuring(() => transfer(FILE_BYTES));
    expect(peak - before).toBeLessThan(GROWTH_BYTES_MAX);
  });

  it('passes from a device to a phone and back while the simulator stays small', async () => {
    const ca = await readFile(simulator.caCertificatePath);
    const client = await pair(simulator, BOT, { fetchAgent: await mediaAgent(simulator) });
    const transfer = async (file: Buffer) => {
      const content = { document: file, mimetype: 'application/pdf' };
      const id = await client.send(`${BEN}@s.whatsapp.net`, content);
      expect(await phoneFetches(id)).toBe(createHash('sha256').update(file).digest('hex'));
      const { url, fileEncSha256 } = client.sent.get(id)?.documentMessage ?? {};
      const encrypted = await hashOf(await download(url ?? '', ca));
      expect(encrypted).toBe(Buffer.from(fileEncSha256 ?? []).toString('hex'));
    };
    const [small, large] = [randomBytes(SMALL_FILE_BYTES), randomBytes(FILE_BYTES)];
    const before = await peakDuring(() => transfer(small));
    const peak = await peakDuring(() => transfer(large));
    expect(peak - before).toBeLessThan(GROWTH_BYTES_MAX);
    await client.close();
  });
});

function download(url: string, ca: Buffer): Promise<Readable> {
  return new Promise((resolve, reject) => {
    request(url, { ca }).on('response', resolve).on('error', reject).end();
  });
}

async function hashOf(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source) hash.update(chunk);
  return hash.digest('hex');
}

async function* hashed(source: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* randomChunks(size: number): AsyncGenerator<Buffer, void> {
  for (let left = size; left > 0; left -= CHUNK_BYTES) {
    yield randomBytes(Math.min(left, CHUNK_BYTES));
  }
}
