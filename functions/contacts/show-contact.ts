import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { contactInPath, noSuchContact } from './contact-in-path.ts';
import { toContactView } from './to-contact-view.ts';

/** One contact of the account. */
export const showContact = defineRoute({
  auth: 'account',
  async run({ principal, request }, { contacts }: Pick<Deps, 'contacts'>) {
    const contact = await contacts.get(contactInPath(principal, request));
    if (!contact) throw noSuchContact();
    return ok('Contact fetched successfully!', toContactView(contact));
  },
});
