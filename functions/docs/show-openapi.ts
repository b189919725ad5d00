import * as z from 'zod';
import { DOCS_ASSETS, OPENAPI_ASSET } from '#shared/contracts/docs-assets.ts';
import { defineRoute } from '../http/define-route.ts';
import { bytes } from '../http/reply.ts';
import { chooseEncoding, compress } from './compress.ts';
import { readAsset } from './read-asset.ts';

/** A name or an address, and a port: all that may stand in `Host` (RFC 9110 §7.2), but for what belongs in no URL. */
const HOST = /^[A-Za-z0-9._-]+(?::\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](?::\d{1,5})?$/;
const OpenapiDocument = z.looseObject({ servers: z.array(z.object({ url: z.string() })) });

/** The OpenAPI document, for the address at which it was asked. */
export const showOpenapi = defineRoute({
  auth: 'none',
  async run({ request: { headers } }) {
    const asset = DOCS_ASSETS.get(OPENAPI_ASSET);
    if (!asset) throw new Error('The document of the API is not among the assets.');
    const text = (await readAsset(OPENAPI_ASSET, asset)).toString('utf8');
    const document = OpenapiDocument.parse(JSON.parse(text));
    const url = addressOf(headers);
    const content = JSON.stringify({ ...document, ...(url && { servers: [{ url }] }) });
    const encoding = chooseEncoding(headers['accept-encoding']);
    const packed = await compress(Buffer.from(content), encoding);
    return bytes(packed.content, asset.contentType, {
      ...packed.headers,
      'cache-control': 'no-cache',
    });
  },
});

/** `undefined` for a host that nobody could have called. */
function addressOf(headers: Readonly<Record<string, string>>): string | undefined {
  const host = headers['host'] ?? '';
  if (!HOST.test(host)) return undefined;
  // API Gateway, and every proxy that ends TLS, says so; the gateway on one machine speaks plain HTTP.
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${host}`;
}
