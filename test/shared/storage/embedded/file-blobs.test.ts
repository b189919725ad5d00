import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AlreadyExists, InvalidKey } from '#shared/storage/blobs.ts';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { listAll } from '../../../contracts/blobs/aids.ts';
import { openForTest } from './open-for-test.ts';

const HOUR_MS = 3_600_000;

describe('FileBlobs', () => {
  it('removes what a killed process left behind an hour ago, and nothing younger', async () => {
    const { dataDir, clock } = await openForTest();
    const fresh = join(dataDir, 'blobs', 'fresh');
    for (const [name, ageMs] of [
      ['old', HOUR_MS + 1_000],
      ['young', HOUR_MS - 1_000],
    ] as const) {
      await writeFile(join(fresh, name), 'half a blo');
      const written = new Date(clock.now().getTime() - ageMs);
      await utimes(join(fresh, name), written, written);
    }
    const again = await openEmbeddedStorage({ dataDir, now: clock.now });
    onTestFinished(async () => await again.close());
    expect(await readdir(fresh)).toEqual(['young']);
  });

  it('leaves no file of its own behind, whatever comes of a write', async () => {
    const { dataDir, storage } = await openForTest();
    const bytes = Buffer.from('bytes');
    await storage.mediaBlobs.put('a', bytes);
    await storage.mediaBlobs.putIfAbsent('b', bytes);
    await expect(storage.mediaBlobs.putIfAbsent('b', bytes)).rejects.toBeInstanceOf(AlreadyExists);
    const tooLong = storage.mediaBlobs.write('c', onePiece(bytes), { bytesMax: 4 });
    await expect(tooLong).rejects.toThrow('more than 4 bytes');
    await expect(storage.mediaBlobs.put('../c', bytes)).rejects.toBeInstanceOf(InvalidKey);
    expect(await readdir(join(dataDir, 'blobs', 'fresh'))).toEqual([]);
    expect((await readdir(join(dataDir, 'blobs', 'data'))).toSorted()).toEqual(['a,b', 'b,b']);
  });

  it('removes the folders that a delete has emptied', async () => {
    const { dataDir, storage } = await openForTest();
    await storage.mediaBlobs.put('a/b/c', Buffer.from('x'));
    await storage.mediaBlobs.put('a/d', Buffer.from('x'));
    await storage.mediaBlobs.delete('a/b/c');
    const data = join(dataDir, 'blobs', 'data');
    expect(await readdir(join(data, 'a,d'))).toEqual(['d,b']);
    await storage.mediaBlobs.delete('a/d');
    expect(await readdir(data)).toEqual([]);
  });

  it('does not mind what others put into its folders', async () => {
    const { dataDir, storage } = await openForTest();
    await storage.mediaBlobs.put('a', Buffer.from('x'));
    await writeFile(join(dataDir, 'blobs', 'data', '.DS_Store'), 'not ours');
    await mkdir(join(dataDir, 'blobs', 'data', 'lost+found'));
    expect(await listAll(storage.mediaBlobs, '')).toEqual(['a']);
  });

  it('lets nobody but the owner read', async () => {
    const { dataDir, storage } = await openForTest();
    await storage.mediaBlobs.put('folder/a', Buffer.from('x'));
    const { mode: fileMode } = await stat(join(dataDir, 'blobs', 'data', 'folder,d', 'a,b'));
    const { mode: folderMode } = await stat(join(dataDir, 'blobs', 'data', 'folder,d'));
    const { mode: secretMode } = await stat(join(dataDir, 'presign.key'));
    expect([fileMode, folderMode, secretMode].map((mode) => mode & 0o777)).toEqual([
      0o600, 0o700, 0o600,
    ]);
  });

  it('takes the URLs that another process of the data folder has signed', async () => {
    const { dataDir, storage } = await openForTest();
    const again = await openEmbeddedStorage({ dataDir, baseUrl: 'http://127.0.0.1:9' });
    onTestFinished(async () => await again.close());
    const { url } = await again.mediaBlobs.presignDownload('a', { expiresInMs: HOUR_MS });
    expect(storage.mediaBlobs.verify(new URL(url))).toMatchObject({ method: 'GET', key: 'a' });
  });

  it('makes no URL in a process that was not told where blobs are served', async () => {
    const { dataDir } = await openForTest();
    const mute = await openEmbeddedStorage({ dataDir });
    onTestFinished(async () => await mute.close());
    const wanted = { expiresInMs: HOUR_MS };
    for (const url of [
      mute.mediaBlobs.presignDownload('a', wanted),
      mute.mediaBlobs.presignUpload('a', wanted),
    ]) {
      await expect(url).rejects.toThrow('was not told where blobs are served');
    }
  });

  it('makes URLs of where blobs are served, which may be known later', async () => {
    const { storage } = await openForTest();
    storage.mediaBlobs.serveAt('http://127.0.0.1:2');
    const { url } = await storage.mediaBlobs.presignDownload('a', { expiresInMs: HOUR_MS });
    expect(new URL(url).origin).toBe('http://127.0.0.1:2');
  });

  it('closes the file of a reader who breaks off, and of one who reads to the end', async () => {
    const { storage } = await openForTest();
    await storage.mediaBlobs.put('a', Buffer.alloc(1_000_000));
    const before = await openFiles();
    for (let reader = 0; reader < 20; reader += 1) {
      for await (const _piece of (await storage.mediaBlobs.read('a')) ?? []) {
        if (reader % 2 === 0) break;
      }
    }
    await expect.poll(openFiles).toBeLessThanOrEqual(before);
  });
});

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** How many files this process has open, where the system tells. */
async function openFiles(): Promise<number> {
  return process.platform === 'linux' ? (await readdir('/proc/self/fd')).length : 0;
}
