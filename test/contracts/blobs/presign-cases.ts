import { expect, it } from 'vitest';
import { aPrefix, bytesAt, bytesOf, type GetBlobs, textAt } from './aids.ts';

const EXPIRES_IN_MS = 60_000;

export function presignCases(blobs: GetBlobs): void {
  it('takes an upload by HTTP', async () => {
    const key = `${aPrefix()}a folder/é 漢&?=#+%.bin`;
    const { url, expiresAt } = await blobs().presignUpload(key, { expiresInMs: EXPIRES_IN_MS });
    expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(EXPIRES_IN_MS / 2);
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(EXPIRES_IN_MS);
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
    const response = await fetch(url, { method: 'PUT', body: bytes });
    expect(response.status).toBe(200);
    expect(await bytesAt(blobs(), key)).toEqual(bytes);
  });

  it('answers a download by HTTP', async () => {
    const key = `${aPrefix()}a folder/é 漢&?=#+%.bin`;
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
    await blobs().put(key, bytes);
    const fileName = "bébé's photo.jpg";
    const { url } = await blobs().presignDownload(key, { expiresInMs: EXPIRES_IN_MS, fileName });
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('200000');
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const disposition = response.headers.get('content-disposition');
    expect(disposition).toMatch(/^attachment;.*filename\*=UTF-8''b%C3%A9b%C3%A9%27s%20photo\.jpg/);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  it('says 404 for a download of nothing', async () => {
    const key = `${aPrefix()}nothing`;
    const { url } = await blobs().presignDownload(key, { expiresInMs: EXPIRES_IN_MS });
    expect((await fetch(url)).status).toBe(404);
  });

  it('refuses an upload of another content type than was signed', async () => {
    const key = `${aPrefix()}a`;
    const contentType = 'image/png';
    const { url } = await blobs().presignUpload(key, { expiresInMs: EXPIRES_IN_MS, contentType });
    const upload = async (type: string) => {
      const headers = { 'content-type': type };
      const response = await fetch(url, { method: 'PUT', body: 'png', headers });
      return response.status;
    };
    expect(await upload('text/html')).toBe(403);
    expect(await blobs().get(key)).toBeUndefined();
    expect(await upload(contentType)).toBe(200);
    expect(await textAt(blobs(), key)).toBe('png');
  });

  it('refuses an upload of another length than was signed', async () => {
    const key = `${aPrefix()}a`;
    const { url } = await blobs().presignUpload(key, { expiresInMs: EXPIRES_IN_MS, bytes: 5 });
    const upload = async (body: string) => (await fetch(url, { method: 'PUT', body })).status;
    expect(await upload('four')).toBe(403);
    expect(await upload('sixsix')).toBe(403);
    expect(await upload('')).toBe(403);
    expect(await blobs().get(key)).toBeUndefined();
    expect(await upload('fives')).toBe(200);
    expect(await textAt(blobs(), key)).toBe('fives');
  });

  it('takes an upload of the signed type and length alone', async () => {
    const key = `${aPrefix()}a`;
    const signed = { expiresInMs: EXPIRES_IN_MS, contentType: 'image/png', bytes: 3 };
    const { url } = await blobs().presignUpload(key, signed);
    const upload = async (body: string, type: string) => {
      const headers = { 'content-type': type };
      return (await fetch(url, { method: 'PUT', body, headers })).status;
    };
    expect(await upload('png', 'image/gif')).toBe(403);
    expect(await upload('longer', 'image/png')).toBe(403);
    expect(await upload('png', 'image/png')).toBe(200);
    expect(await textAt(blobs(), key)).toBe('png');
  });

  it.each([-1, 1.5, Number.NaN])('gives no URL for an upload of %d bytes', async (bytes) => {
    const uploading = blobs().presignUpload(`${aPrefix()}a`, { expiresInMs: EXPIRES_IN_MS, bytes });
    await expect(uploading).rejects.toThrow(RangeError);
  });

  it('does not take a URL for another method', async () => {
    const key = `${aPrefix()}a`;
    await blobs().put(key, bytesOf('kept'));
    const download = await blobs().presignDownload(key, { expiresInMs: EXPIRES_IN_MS });
    const upload = await blobs().presignUpload(key, { expiresInMs: EXPIRES_IN_MS });
    expect((await fetch(download.url, { method: 'PUT', body: 'changed' })).status).toBe(403);
    expect((await fetch(upload.url)).status).toBe(403);
    expect(await textAt(blobs(), key)).toBe('kept');
  });

  it('refuses a URL whose key or signature was changed', async () => {
    const prefix = aPrefix();
    await blobs().put(`${prefix}mine`, bytesOf('mine'));
    await blobs().put(`${prefix}yours`, bytesOf('yours'));
    const { url } = await blobs().presignDownload(`${prefix}mine`, { expiresInMs: EXPIRES_IN_MS });
    expect((await fetch(url.replace('/mine?', '/yours?'))).status).toBe(403);
    const changed = new URL(url);
    for (const [name, value] of changed.searchParams) {
      if (name.toLowerCase().endsWith('signature')) {
        changed.searchParams.set(name, `${value.startsWith('a') ? 'b' : 'a'}${value.slice(1)}`);
      }
    }
    expect(changed.href).not.toBe(url);
    expect((await fetch(changed)).status).toBe(403);
    expect((await fetch(url)).status).toBe(200);
  });

  it('refuses a URL that has expired', async () => {
    const key = `${aPrefix()}a`;
    await blobs().put(key, bytesOf('a'));
    const { url } = await blobs().presignDownload(key, { expiresInMs: 1_000 });
    await expect.poll(async () => (await fetch(url)).status, { timeout: 5_000 }).toBe(403);
  });

  it.each([0, -1, 7 * 24 * 3_600_000 + 1])(
    'gives no URL that expires in %d ms',
    async (expiresInMs) => {
      const key = `${aPrefix()}a`;
      await expect(blobs().presignDownload(key, { expiresInMs })).rejects.toThrow();
      await expect(blobs().presignUpload(key, { expiresInMs })).rejects.toThrow();
    },
  );
}
