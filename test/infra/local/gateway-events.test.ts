import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import { FormData, request } from 'undici';
import { describe, expect, it } from 'vitest';
import { startGateway } from './gateway-under-test.ts';

/** The event that a call becomes. */
async function eventOf(
  path: string,
  options: Parameters<typeof request>[1],
): Promise<APIGatewayProxyEventV2> {
  const events: APIGatewayProxyEventV2[] = [];
  const { url } = await startGateway(async (event) => {
    events.push(event);
    return {};
  });
  const { body } = await request(`${url}${path}`, options);
  await body.dump();
  const [event] = events;
  if (!event) throw new Error('No Lambda was called.');
  return event;
}

describe('an event', () => {
  it('has the path, the query, the parameters and the caller of the call', async () => {
    const path = '/whatsapp/instance/logout/a%20b?x=1&y=%C3%A4&x=2';
    const event = await eventOf(path, {});

    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /whatsapp/instance/logout/{id}',
      rawPath: '/whatsapp/instance/logout/a%20b',
      rawQueryString: 'x=1&y=%C3%A4&x=2',
      queryStringParameters: { x: '1,2', y: 'ä' },
      pathParameters: { id: 'a b' },
      isBase64Encoded: false,
      requestContext: {
        http: { method: 'GET', sourceIp: '127.0.0.1', protocol: 'HTTP/1.1' },
        routeKey: 'GET /whatsapp/instance/logout/{id}',
        stage: '$default',
      },
    });
    expect(event).not.toHaveProperty('body');
    expect(event.requestContext.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has the headers in lower case, and the cookies apart', async () => {
    const event = await eventOf('/healthz', {
      headers: ['X-Some', 'a', 'x-some', 'b', 'Cookie', 'c=1; d=2', 'x-refresh', ''],
    });

    expect(event.headers).toMatchObject({ 'x-some': 'a,b', 'x-refresh': '' });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.cookies).toEqual(['c=1', 'd=2']);
  });

  it.each([
    ['application/json', false],
    ['application/problem+json; charset=utf-8', false],
    ['text/plain', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
  ])('has a body of %s in base64: %s', async (contentType, isBase64Encoded) => {
    const event = await eventOf('/whatsapp/init', {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: 'grün',
    });
    const body = Buffer.from(event.body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString();

    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(body).toBe('grün');
  });

  it('has a multipart form in base64', async () => {
    const form = new FormData();
    form.append('a', 'b');
    const event = await eventOf('/whatsapp/init', { method: 'POST', body: form });

    expect(event.isBase64Encoded).toBe(true);
    expect(event.headers['content-type']).toContain('boundary=');
  });
});

/** Lambda may return any object, of which the type of a result knows only one shape. */
const SHAPELESS = { a: 1 } as APIGatewayProxyResultV2;

describe('an answer', () => {
  const results: Record<string, [APIGatewayProxyResultV2, number, string]> = {
    'a text': ['hello', 200, 'hello'],
    'an object without a status code': [SHAPELESS, 200, '{"a":1}'],
    'a status, a body and headers': [{ statusCode: 418, body: 'teapot' }, 418, 'teapot'],
    'bytes in base64': [
      { statusCode: 200, body: 'AQID', isBase64Encoded: true },
      200,
      '\x01\x02\x03',
    ],
    'nothing but a status': [{ statusCode: 204 }, 204, ''],
  };

  it.each(Object.entries(results))('may be %s', async (_name, [result, status, text]) => {
    const { url } = await startGateway(async () => result);
    const { statusCode, body } = await request(url);

    expect(statusCode).toBe(status);
    expect(await body.text()).toBe(text);
  });

  it('has each cookie in a header of its own', async () => {
    const cookies = ['a=1', 'b=2'];
    const { url } = await startGateway(async () => ({
      statusCode: 200,
      cookies,
      headers: { 'x-n': 5 },
    }));
    const { headers, body } = await request(url);
    await body.dump();

    expect(headers['set-cookie']).toEqual(cookies);
    expect(headers['x-n']).toBe('5');
  });

  it('to a HEAD has no body', async () => {
    const { url } = await startGateway(async () => ({ statusCode: 404, body: 'nothing' }));
    const { statusCode, body } = await request(url, { method: 'HEAD' });

    expect(statusCode).toBe(404);
    expect(await body.text()).toBe('');
  });
});
