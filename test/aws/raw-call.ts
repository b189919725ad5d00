import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';

const CALL_TIMEOUT_MS = 35_000;

/** A call to the letter: nobody puts its path or its headers in order. */
export type RawCall = {
  readonly method: string;
  /** With its query, escaped or not as the test wants it. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
};

export type RawAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** `base` is what stands before every path: `http://127.0.0.1:3000`. */
export async function rawCall(base: string, call: RawCall): Promise<RawAnswer> {
  const { protocol, hostname, port, pathname } = new URL(base);
  const request = protocol === 'https:' ? requestHttps : requestHttp;
  const prefix = pathname === '/' ? '' : pathname;
  return await new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        method: call.method,
        path: `${prefix}${call.path}`,
        headers: { 'user-agent': 'same-bytes', ...lengthOf(call), ...call.headers },
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      },
      (response) => {
        const headers = Object.entries(response.headers).map(([name, value]) => [
          name,
          String(value),
        ]);
        const status = response.statusCode ?? 0;
        buffer(response).then(
          (body) => resolve({ status, headers: Object.fromEntries(headers), body }),
          reject,
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(call.body);
  });
}

/** Node leaves it out where a body is unusual, at a GET; the bytes would then be taken for another call. */
function lengthOf({ body }: RawCall): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}
