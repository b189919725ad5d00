import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { ContactFields } from './contact-fields.ts';
import { contactInPath, noSuchContact } from './contact-in-path.ts';
import { toContactView } from './to-contact-view.ts';

/** Puts a whole new card in place of the old one: what the call leaves out is gone. */
export const replaceContact = defineRoute({
  auth: 'account',
  body: ContactFields,
  async run({ principal, request, body }, { contacts, now }: Pick<Deps, 'contacts' | 'now'>) {
    const contact = await contacts.replace(contactInPath(principal, request), body, now());
    if (!contact) throw noSuchContact();
    return ok('Contact updated successfully!', toContactView(contact));
  },
});
