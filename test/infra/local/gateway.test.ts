import { connect } from 'node:net';
import { request } from 'undici';
import { describe, expect, it, vi } from 'vitest';
import { aGateway, type Handle, startGateway } from './gateway-under-test.ts';

describe('the gateway', () => {
  it('answers 500 in our shape when a Lambda fails', async () => {
    const { url } = await startGateway(async () => {
      throw new Error('secret reasons');
    });
    const { statusCode, headers, body } = await request(url);
    const text = await body.text();

    expect(statusCode).toBe(500);
    expect(headers['x-request-id']).toBeDefined();
    expect(text).not.toContain('secret');
  });

  it('lets others have a request first', async () => {
    const handle = vi.fn<Handle>(async () => 'the Lambda');
    const { url } = await startGateway(handle, {
      extra: async ({ url: path }, response) => {
        if (path !== '/extra') return false;
        response.end('somebody else');
        return true;
      },
    });
    const extra = await request(`${url}/extra`);
    const other = await request(`${url}/other`);

    expect(await extra.body.text()).toBe('somebody else');
    expect(await other.body.text()).toBe('the Lambda');
  });

  it('closes after the calls in flight are answered, and takes no more', async () => {
    let answer = (_text: string) => {};
    let called = () => {};
    const isCalled = new Promise<void>((resolve) => {
      called = resolve;
    });
    const { url, gateway } = await startGateway(async () => {
      called();
      return await new Promise<string>((resolve) => {
        answer = resolve;
      });
    });
    const inFlight = request(url);
    await isCalled;
    const closed = gateway.close();
    answer('in time');

    expect(await (await inFlight).body.text()).toBe('in time');
    await closed;
    await expect(request(url)).rejects.toThrow();
  });

  it('waits for the Lambda of a caller who has gone away, too', async () => {
    let end = () => {};
    let called = () => {};
    const isCalled = new Promise<void>((resolve) => {
      called = resolve;
    });
    const steps: string[] = [];
    const { port, gateway } = await startGateway(async () => {
      called();
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      steps.push('the Lambda has ended');
      return '';
    });
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    });
    await isCalled;
    await new Promise<void>((resolve) => {
      socket.on('close', () => resolve());
      socket.resetAndDestroy();
    });
    const closed = gateway.close().then(() => steps.push('closed'));
    await expect(request(`http://127.0.0.1:${port}`)).rejects.toThrow();
    end();
    await closed;

    expect(steps).toEqual(['the Lambda has ended', 'closed']);
  });

  it('goes on when a caller goes away in the middle of its body', async () => {
    const { url, port } = await startGateway(async () => 'still here');
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\npart', () =>
          socket.resetAndDestroy(),
        );
      });
      socket.on('close', () => resolve());
    });
    const { body } = await request(url);

    expect(await body.text()).toBe('still here');
  });

  it('goes on when a caller goes away before its answer', async () => {
    let gone = () => {};
    const isGone = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const { url, port } = await startGateway(async ({ rawPath }) => {
      if (rawPath !== '/left') return 'still here';
      await isGone;
      return 'too late';
    });
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /left HTTP/1.1\r\nHost: x\r\n\r\n', () => socket.resetAndDestroy());
    });
    socket.on('close', () => gone());
    await isGone;
    const { body } = await request(url);

    expect(await body.text()).toBe('still here');
  });

  it('says when its port is taken', async () => {
    const { port } = await startGateway(async () => ({}));
    await expect(aGateway(async () => ({})).listen(port, '127.0.0.1')).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
