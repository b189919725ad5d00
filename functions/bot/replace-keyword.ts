import type { KeywordRule } from '#shared/bot/keyword-rule.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { KeywordFields } from './keyword-fields.ts';
import { keywordInPath, noSuchKeyword } from './keyword-in-path.ts';
import { type ReplyNeeds, toBotReply } from './to-bot-reply.ts';
import { toKeywordView } from './to-keyword-view.ts';

type Needs = ReplyNeeds & Pick<Deps, 'keywords'>;

/** Puts a whole new rule in place of the old one: what the call leaves out is as when a rule is made. */
export const replaceKeyword = defineRoute({
  auth: 'instance',
  body: KeywordFields,
  async run({ instance, request, body }, deps: Needs) {
    const before = await deps.keywords.get(keywordInPath(instance, request));
    if (!before) throw noSuchKeyword();
    const reply = await toBotReply(instance, body.reply, deps);
    const rule: KeywordRule = { ...before, ...body, reply, updatedAt: deps.now().toISOString() };
    if (!(await deps.keywords.replace(rule))) throw noSuchKeyword();
    return ok('Keyword updated successfully!', toKeywordView(rule));
  },
});
