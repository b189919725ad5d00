import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { PageQuery, readPage } from '../http/page-query.ts';
import { ok } from '../http/reply.ts';
import { toContactView } from './to-contact-view.ts';

/** The account's contacts page by page, newest first. `cursor` asks for the next page, `null` after the last. */
export const listContacts = defineRoute({
  auth: 'account',
  query: PageQuery,
  async run({ principal: { accountId }, query }, { contacts }: Pick<Deps, 'contacts'>) {
    const page = await readPage(() => contacts.list(accountId, query));
    return ok('Contacts fetched successfully!', {
      contacts: page.contacts.map(toContactView),
      cursor: page.cursor ?? null,
    });
  },
});
