import type { Cast } from '../home-under-test.ts';
import type { RawCall } from '../raw-call.ts';

/** A call, and what it is about. */
export type CallRow = readonly [name: string, toCall: (cast: Cast) => RawCall];

export const JSON_TYPE = { 'content-type': 'application/json' };
export const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

type Content = { readonly headers?: Record<string, string>; readonly body?: string | Uint8Array };

export const get = (path: string, headers: Record<string, string> = {}): RawCall => ({
  method: 'GET',
  path,
  headers,
});
export const post = (
  path: string,
  body: object,
  headers: Record<string, string> = {},
): RawCall => ({
  method: 'POST',
  path,
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify(body),
});
export const raw = (path: string, { headers = {}, body = '' }: Content): RawCall => ({
  method: 'POST',
  path,
  headers,
  body,
});
export const by = (token: string) => ({ authorization: `Bearer ${token}` });
export const named = ({ sessionId, instanceToken }: Cast) =>
  `session_id=${sessionId}&access_token=${instanceToken}`;

export function multipart(fields: Readonly<Record<string, string>>): Content {
  const boundary = 'the-boundary';
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `${parts.join('')}--${boundary}--\r\n`,
  };
}
