import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { noContent } from '../http/reply.ts';
import { keywordInPath, noSuchKeyword } from './keyword-in-path.ts';

/** The bot answers by the rule no more, from the next message on. */
export const deleteKeyword = defineRoute({
  auth: 'instance',
  async run({ instance, request }, { keywords }: Pick<Deps, 'keywords'>) {
    if (await keywords.remove(keywordInPath(instance, request))) return noContent();
    throw noSuchKeyword();
  },
});
