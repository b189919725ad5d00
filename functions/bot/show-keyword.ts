import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { keywordInPath, noSuchKeyword } from './keyword-in-path.ts';
import { toKeywordView } from './to-keyword-view.ts';

/** One rule of the instance. */
export const showKeyword = defineRoute({
  auth: 'instance',
  async run({ instance, request }, { keywords }: Pick<Deps, 'keywords'>) {
    const rule = await keywords.get(keywordInPath(instance, request));
    if (!rule) throw noSuchKeyword();
    return ok('Keyword fetched successfully!', toKeywordView(rule));
  },
});
