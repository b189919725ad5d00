import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  anAccount,
  anInstance,
  call,
  dataOf,
  faultPaths,
  LINKED_USER,
  type OwnedInstance,
  report,
} from '../callers.ts';

/** As long as WhatsApp's. */
const CODE = `2@${'Ab3+/'.repeat(30)},${'x'.repeat(44)},${'y'.repeat(44)}`;
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47];
const QR_LIFE_MS = 20_000;

let api: ApiUnderTest;
let instance: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
  instance = await anInstance(api, await anAccount(api));
  await report(api, instance, {
    status: 'SCAN_QR',
    qr: { code: CODE, expiresAt: later(QR_LIFE_MS) },
  });
});
afterAll(async () => {
  await api.close();
});

function later(delayMs: number): string {
  return new Date(api.clock.now.getTime() + delayMs).toISOString();
}

async function scan(format = '', accept = '*/*', of = instance) {
  const query = `${of.query}&format=${format}`;
  return await call(api, `GET /whatsapp/scan${query}`, { headers: { accept } });
}

describe('GET /whatsapp/scan', () => {
  it.each([
    ['png', '*/*'],
    ['', 'image/png'],
  ])('draws a PNG for format %j and Accept %j', async (format, accept) => {
    const answer = await scan(format, accept);

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('image/png');
    expect([...answer.bytes.subarray(0, 4)]).toEqual(PNG_SIGNATURE);
    const { width = 0, height } = await sharp(answer.bytes).metadata();
    expect(width).toBeGreaterThan(300);
    expect(height).toBe(width);
  });

  it.each(['base64text', 'base64'])('is a data URL as text for format %s', async (format) => {
    const answer = await scan(format);

    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.text).toMatch(/^data:image\/png;base64,iVBORw0KGgo[\w+/]+=*$/);
  });

  it('tells the code itself and its end for format json', async () => {
    const schema = z.strictObject({ qr: z.string(), image: z.string(), expires_at: z.string() });
    const data = dataOf(await scan('json'), schema);

    expect(data.qr).toBe(CODE);
    expect(data.expires_at).toBe(later(QR_LIFE_MS));
    expect(data.image).toBe((await scan('base64')).text);
  });

  it('is a page by itself, which loads nothing and runs only its own script', async () => {
    const answer = await scan('', 'text/html,application/xhtml+xml,image/png,*/*');

    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    const csp = String(answer.headers['content-security-policy']);
    const nonce = /script-src 'nonce-([\w-]+)'/.exec(csp)?.[1];
    expect(csp).toContain("default-src 'none'");
    expect(answer.text).toContain(`<script nonce="${nonce}">`);
    expect(answer.text).toContain(`<style nonce="${nonce}">`);
    expect(answer.text).toContain((await scan('base64')).text);
    expect(answer.text).not.toMatch(/(?:src|href)="(?!data:)/);
    expect(answer.text).not.toContain(instance.credentials.access_token);

    const again = await scan('html');
    expect(again.headers['content-security-policy']).not.toContain(nonce);
  });

  it('refuses a format that it does not have', async () => {
    const answer = await scan('gif');

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['format']);
  });

  it('has nothing to show when the code has expired', async () => {
    const before = api.clock.now;
    try {
      api.clock.now = new Date(before.getTime() + QR_LIFE_MS);
      const answer = await scan('png');
      expect(answer.status).toBe(204);
      expect(answer.bytes).toHaveLength(0);
    } finally {
      api.clock.now = before;
    }
  });

  it.each(['CREATED', 'CONNECTED', 'LOGGED_OUT'] as const)(
    'has nothing to show, and starts nothing, when the instance is %s',
    async (status) => {
      const other = await anInstance(api, await anAccount(api));
      const reported = await report(api, other, { status, user: LINKED_USER });

      expect((await scan('', '*/*', other)).status).toBe(204);
      const { instanceId, accountId } = reported;
      expect(await api.deps.instances.get({ instanceId, accountId })).toEqual(reported);
    },
  );
});
