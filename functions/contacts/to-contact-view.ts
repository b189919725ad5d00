import type { Contact } from '#shared/domain/contact.ts';

/** A contact as its account sees it. */
export function toContactView(contact: Contact) {
  const { contactId, fullName, displayName, organization, phoneNumber } = contact;
  const { createdAt, updatedAt } = contact;
  return {
    _id: contactId,
    fullName,
    displayName,
    organization: organization ?? null,
    phoneNumber,
    createdAt,
    updatedAt,
  };
}
