import * as z from 'zod';
import { type ContactCard, ContactText } from '#shared/domain/contact.ts';
import { PhoneNumber } from '#shared/domain/recipient.ts';
import { numberAsText } from '../http/number-as-text.ts';

/** Empty is as good as absent: a form has no other way to say it, and our own answers say `null`. */
const OptionalText = ContactText.nullish().transform((text) => text || undefined);

/** A card in the body of a call. Who has no `displayName` is shown by the full name. */
export const ContactFields = z
  .object({
    fullName: ContactText.min(1),
    displayName: OptionalText,
    organization: OptionalText,
    phoneNumber: numberAsText(PhoneNumber),
  })
  .transform(
    ({ fullName, displayName = fullName, organization, phoneNumber }): ContactCard => ({
      fullName,
      displayName,
      ...(organization !== undefined && { organization }),
      phoneNumber,
    }),
  );
