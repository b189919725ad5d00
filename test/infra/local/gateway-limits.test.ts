import { request } from 'undici';
import { describe, expect, it, vi } from 'vitest';
import { type Handle, rawAnswer, startGateway } from './gateway-under-test.ts';

const MEBIBYTE = 1024 * 1024;

describe('the limits', () => {
  const refusal = (code: string) => ({ status: false, error: { code } });

  it.each([10 * MEBIBYTE + 1, 12 * MEBIBYTE])('refuse a body of %i bytes', async (size) => {
    const handle = vi.fn<Handle>(async () => ({}));
    const { url } = await startGateway(handle);
    const { statusCode, body } = await request(url, { method: 'POST', body: Buffer.alloc(size) });

    expect(statusCode).toBe(413);
    expect(await body.json()).toMatchObject(refusal('payload_too_large'));
    expect(handle).not.toHaveBeenCalled();
  });

  it('refuse a body that Lambda would not take, which base64 makes a third larger', async () => {
    const handle = vi.fn<Handle>(async () => ({}));
    const { url } = await startGateway(handle);
    const text = { method: 'POST', headers: { 'content-type': 'text/plain' } } as const;
    const fits = await request(url, { ...text, body: 'x'.repeat(5 * MEBIBYTE) });
    await fits.body.dump();
    const bytes = await request(url, {
      method: 'POST',
      body: Buffer.alloc(5 * MEBIBYTE),
      headers: { 'content-type': 'image/png' },
    });

    expect(fits.statusCode).toBe(200);
    expect(bytes.statusCode).toBe(413);
    await bytes.body.dump();
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it('refuse a body that is only announced before it is sent', async () => {
    const { port } = await startGateway(async () => ({}));
    const answer = await rawAnswer(
      port,
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${11 * MEBIBYTE}\r\nExpect: 100-continue\r\n\r\n`,
    );

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('let a caller who asks first send a body that is not too large', async () => {
    const { port } = await startGateway(async ({ body = '' }) => body);
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Type: text/plain';
    const answer = await rawAnswer(
      port,
      `${head}\r\nConnection: close\r\nExpect: 100-continue\r\n\r\nhi`,
    );

    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    expect(answer).toMatch(/hi$/);
  });

  it('refuse headers of more than 10,240 bytes', async () => {
    const { url } = await startGateway(async () => ({}));
    const headers = { 'x-long': 'x'.repeat(10_240) };
    const { statusCode, body } = await request(url, { headers });

    expect(statusCode).toBe(431);
    expect(await body.json()).toMatchObject(refusal('headers_too_large'));
  });

  it('refuse what is no HTTP', async () => {
    const { port } = await startGateway(async () => ({}));

    expect(await rawAnswer(port, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"status":false/s);
  });

  it('end a call that takes too long', async () => {
    const { url } = await startGateway(() => new Promise(() => {}), { integrationTimeoutMs: 20 });
    const { statusCode, body } = await request(url);

    expect(statusCode).toBe(503);
    expect(await body.json()).toMatchObject(refusal('unavailable'));
  });

  it('keep an answer back that Lambda could not give', async () => {
    const { url } = await startGateway(async () => 'x'.repeat(6 * MEBIBYTE + 1));
    const { statusCode, body } = await request(url);

    expect(statusCode).toBe(500);
    expect(await body.json()).toMatchObject(refusal('internal'));
  });
});
