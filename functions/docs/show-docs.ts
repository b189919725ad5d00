import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { html } from '../http/reply.ts';
import { docsPage } from './docs-page.ts';

const NONCE_BYTES = 16;

/** The pages on which a person reads the API, and tries it. */
export const showDocs = defineRoute({
  auth: 'none',
  async run(_input, { randomBytes }: Pick<Deps, 'randomBytes'>) {
    const nonce = Buffer.from(randomBytes(NONCE_BYTES)).toString('base64url');
    const page = docsPage({ nonce });
    return html(page.content, page.csp);
  },
});
