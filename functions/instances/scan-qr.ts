import * as z from 'zod';
import { type QrCode, scannableQr } from '#shared/domain/instance.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import type { ApiRequest } from '../http/read-request.ts';
import { html, noContent, ok, png, type Reply, text } from '../http/reply.ts';
import { scanPage } from './scan-page.ts';
import { seeStatus } from './see-status.ts';

const Format = z.enum(['html', 'png', 'json', 'base64', 'base64text']);
type Format = z.infer<typeof Format>;

const Query = z.object({
  format: z
    .enum(['', ...Format.options], { error: `must be one of ${Format.options.join(', ')}` })
    .optional(),
});

const NONCE_BYTES = 16;

type Needs = Pick<Deps, 'now' | 'randomBytes' | 'runners'>;

/** The code that a phone scans to link the instance; 204 while there is none. Starts nothing. */
export const scanQr = defineRoute({
  auth: 'instance',
  query: Query,
  async run({ instance, query, request }, deps: Needs) {
    const qr = scannableQr(await seeStatus(instance, deps), deps.now());
    if (!qr) return noContent();
    return await showQr(qr, query.format || preferredFormat(request), deps);
  },
});

function preferredFormat({ headers }: ApiRequest): Format {
  return headers['accept']?.includes('image/png') && !headers['accept'].includes('text/html')
    ? 'png'
    : 'html';
}

async function showQr(
  qr: QrCode,
  format: Format,
  { randomBytes }: Pick<Deps, 'randomBytes'>,
): Promise<Reply> {
  // Loaded where it is needed: every other call of this Lambda starts without it.
  const { drawQr } = await import('./draw-qr.ts');
  const image = drawQr(qr.code);
  const dataUrl = `data:image/png;base64,${image.toString('base64')}`;
  switch (format) {
    case 'png':
      return png(image);
    case 'base64':
    case 'base64text':
      return text(dataUrl);
    case 'json':
      return ok('QR code fetched successfully!', {
        qr: qr.code,
        image: dataUrl,
        expires_at: qr.expiresAt,
      });
    case 'html': {
      const nonce = Buffer.from(randomBytes(NONCE_BYTES)).toString('base64url');
      const page = scanPage({ dataUrl, nonce });
      return html(page.content, page.csp);
    }
  }
}
