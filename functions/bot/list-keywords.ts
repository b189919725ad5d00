import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { PageQuery, readPage } from '../http/page-query.ts';
import { ok } from '../http/reply.ts';
import { toKeywordView } from './to-keyword-view.ts';

/** The instance's rules page by page, newest first. `cursor` asks for the next page, `null` after the last. */
export const listKeywords = defineRoute({
  auth: 'instance',
  query: PageQuery,
  async run({ instance: { instanceId }, query }, { keywords }: Pick<Deps, 'keywords'>) {
    const page = await readPage(() => keywords.list(instanceId, query));
    return ok('Keywords fetched successfully!', {
      keywords: page.rules.map(toKeywordView),
      cursor: page.cursor ?? null,
    });
  },
});
