import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { noContent } from '../http/reply.ts';
import { contactInPath, noSuchContact } from './contact-in-path.ts';

/** The contact is gone from the next call on. */
export const deleteContact = defineRoute({
  auth: 'account',
  async run({ principal, request }, { contacts }: Pick<Deps, 'contacts'>) {
    if (await contacts.remove(contactInPath(principal, request))) return noContent();
    throw noSuchContact();
  },
});
