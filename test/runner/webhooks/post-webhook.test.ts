import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeGuardedDispatcher } from '#runner/http/guarded-dispatcher.ts';
import { type Attempt, postWebhook } from '#runner/webhooks/post-webhook.ts';
import { startReceiver } from '../http/receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const TIMEOUT_MS = 10_000;

function poster(guard = { allowPrivate: true }) {
  const dispatcher = makeGuardedDispatcher(guard);
  onTestFinished(async () => await dispatcher.destroy());
  return async (url: string, more: Partial<Attempt> = {}) =>
    await postWebhook(
      { url, secrets: [SECRET], eventId: 'evt_1', body: '{"a":"ä"}', at: new Date(), ...more },
      { dispatcher, guard },
    );
}

describe('postWebhook', () => {
  it('posts JSON that a Standard Webhooks library verifies', async () => {
    const { url, posts } = await startReceiver();
    expect(await poster()(url)).toEqual({ kind: 'answered', statusCode: 204 });
    const [post] = posts;
    if (post === undefined) throw new Error('Nothing came.');
    expect(new Webhook(SECRET).verify(post.body, post.headers)).toEqual({ a: 'ä' });
    expect(post.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'evt_1',
      'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
    });
  });

  it('is not verified with another secret, or with another body', async () => {
    const { url, posts } = await startReceiver();
    await poster()(url);
    const [post] = posts;
    if (post === undefined) throw new Error('Nothing came.');
    expect(() => new Webhook(OTHER_SECRET).verify(post.body, post.headers)).toThrow();
    expect(() => new Webhook(SECRET).verify(`${post.body} `, post.headers)).toThrow();
    const forged = { ...post.headers, 'webhook-id': 'evt_2' };
    expect(() => new Webhook(SECRET).verify(post.body, forged)).toThrow();
  });

  it('is verified with either secret while one takes the place of the other', async () => {
    const { url, posts } = await startReceiver();
    await poster()(url, { secrets: [SECRET, OTHER_SECRET] });
    const [post] = posts;
    if (post === undefined) throw new Error('Nothing came.');
    expect(post.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of [SECRET, OTHER_SECRET]) {
      expect(new Webhook(secret).verify(post.body, post.headers)).toEqual({ a: 'ä' });
    }
  });

  it("sends the customer's headers along", async () => {
    const { url, posts } = await startReceiver();
    const headers = { authorization: 'Bearer abc', 'x-tenant': '7', 'user-agent': 'theirs/1' };
    await poster()(url, { request: { headers } });
    expect(posts[0]?.headers).toMatchObject(headers);
  });

  it('is called by its own name where they give none', async () => {
    const { url, posts } = await startReceiver();
    await poster()(url, { request: { headers: {} } });
    expect(posts[0]?.headers['user-agent']).toBe('whatsapp-bots/1 (webhook)');
  });

  it('lets no header of theirs stand in place of ours, or beside it', async () => {
    const { url, posts } = await startReceiver();
    const headers = {
      'content-type': 'text/plain',
      'webhook-id': 'evt_2',
      'webhook-timestamp': '1',
      'webhook-signature': 'v1,x',
    };
    await poster()(url, { request: { headers } });
    const [post] = posts;
    if (post === undefined) throw new Error('Nothing came.');
    expect(new Webhook(SECRET).verify(post.body, post.headers)).toEqual({ a: 'ä' });
    expect(post.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'evt_1',
    });
    expect(JSON.stringify(post.headers)).not.toContain('v1,x');
  });

  it('gives up when the time that they set is over', async () => {
    const { url } = await startReceiver(() => undefined);
    const startedAt = performance.now();
    const outcome = await poster()(url, { request: { headers: {}, timeoutMs: 50 } });
    expect(outcome).toEqual({ kind: 'failed', reason: 'TimeoutError' });
    expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS / 2);
  });

  it('tells nothing of a header that cannot be sent', async () => {
    const { url, connections } = await startReceiver();
    const outcome = await poster()(url, { request: { headers: { 'x-a': 's3cret\r\nb: c' } } });
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
    expect(connections()).toBe(0);
  });

  it('does not follow a redirect', async () => {
    const target = await startReceiver();
    const { url } = await startReceiver((_post, response) => {
      response.writeHead(307, { location: target.url }).end();
    });
    expect(await poster()(url)).toEqual({ kind: 'answered', statusCode: 307 });
    expect(target.connections()).toBe(0);
  });

  it('gives up on an endpoint that does not answer within ten seconds', async () => {
    const asked = vi.spyOn(AbortSignal, 'timeout').mockImplementation((delayMs) => {
      const tooLate = new AbortController();
      setImmediate(() => tooLate.abort(new DOMException(`${delayMs} ms`, 'TimeoutError')));
      return tooLate.signal;
    });
    onTestFinished(() => asked.mockRestore());
    const { url } = await startReceiver(() => undefined);
    expect(await poster()(url)).toMatchObject({ kind: 'failed' });
    expect(asked).toHaveBeenCalledExactlyOnceWith(TIMEOUT_MS);
  });

  it('counts the reading of the answer into the ten seconds', async () => {
    const tooLate = new AbortController();
    const asked = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(tooLate.signal);
    onTestFinished(() => asked.mockRestore());
    const { url } = await startReceiver((_post, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('and then nothing');
      tooLate.abort(new DOMException('too late', 'TimeoutError'));
    });
    expect((await poster()(url)).kind).toBe('failed');
  });

  it('does not read an endless answer', async () => {
    const { url } = await startReceiver((_post, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384, 'x')));
      };
      response.on('drain', more);
      more();
    });
    expect(await poster()(url)).toEqual({ kind: 'answered', statusCode: 200 });
  });

  it('refuses an address that is written out, without dialling it', async () => {
    const { port, connections } = await startReceiver();
    const post = poster({ allowPrivate: false });
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:7f00:1]']) {
      expect(await post(`https://${host}:${port}/`)).toMatchObject({ kind: 'refused' });
    }
    expect(connections()).toBe(0);
  });

  it('refuses a name that resolves to a private address, without dialling it', async () => {
    const { port, connections } = await startReceiver();
    const outcome = await poster({ allowPrivate: false })(`https://localhost:${port}/`);
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(connections()).toBe(0);
  });

  it('fails where nobody listens, and does not tell the address', async () => {
    const outcome = await poster()('http://127.0.0.1:1/secret-path');
    expect(outcome).toEqual({ kind: 'failed', reason: 'ECONNREFUSED' });
  });

  it('fails for a URL or a secret that is none, instead of throwing', async () => {
    const { url } = await startReceiver();
    expect(await poster()('no url')).toMatchObject({ kind: 'failed' });
    expect(await poster()(url, { secrets: [''] })).toMatchObject({ kind: 'failed' });
  });

  it('fails when the connection breaks before an answer', async () => {
    const { url } = await startReceiver((_post, response) => void response.destroy());
    expect(await poster()(url)).toMatchObject({ kind: 'failed' });
  });
});
