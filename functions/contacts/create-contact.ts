import type { Contact } from '#shared/domain/contact.ts';
import { DomainError } from '#shared/domain/error.ts';
import { ORDERED_ID_RANDOM_BYTES, toOrderedId } from '#shared/domain/identifier.ts';
import { CONTACTS_MAX } from '#shared/repositories/contact-repository.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { created } from '../http/reply.ts';
import { ContactFields } from './contact-fields.ts';
import { toContactView } from './to-contact-view.ts';

type Needs = Pick<Deps, 'contacts' | 'now' | 'randomBytes'>;

/** Puts a contact into the account's address book; its id is what `contactId` of a message names. */
export const createContact = defineRoute({
  auth: 'account',
  body: ContactFields,
  async run({ principal: { accountId }, body }, { contacts, now, randomBytes }: Needs) {
    const at = now();
    const contact: Contact = {
      accountId,
      contactId: toOrderedId(at, randomBytes(ORDERED_ID_RANDOM_BYTES)),
      ...body,
      createdAt: at.toISOString(),
      updatedAt: at.toISOString(),
    };
    if ((await contacts.create(contact)) === 'full') {
      throw new DomainError(
        'too_many_contacts',
        `An account may have ${CONTACTS_MAX} contacts: delete some first.`,
      );
    }
    return created('Contact created successfully!', toContactView(contact));
  },
});
