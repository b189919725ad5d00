import { Contact, type ContactCard } from '../domain/contact.ts';
import type { Condition, Table } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { type Count, countOut, createCounted } from './counted.ts';
import { keys } from './keys.ts';
import { type PageWanted, readNewest } from './read-newest.ts';
import { withoutTableKeys } from './stored.ts';
import { unlessRefused, writeUnlessRefused } from './unless-refused.ts';

/** Of an account. */
export const CONTACTS_MAX = 10_000;

const StoredContact = withoutTableKeys.pipe(Contact);

const THERE: Condition = { kind: 'present', field: 'pk' };
const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };

type ContactRef = Pick<Contact, 'accountId' | 'contactId'>;

/** `cursor` is there when more contacts may follow. */
type ContactPage = { readonly contacts: readonly Contact[]; readonly cursor?: string };

/** The address books of accounts. Each lies in its account's partition, so that no read can reach another's. */
export class ContactRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** `full` when the account has as many as it may. */
  async create(contact: Contact): Promise<'created' | 'full'> {
    const key = keys.contact(contact.accountId, contact.contactId);
    const item = { ...toAttributes(contact), ...key };
    const put = { kind: 'put', item, condition: NOT_THERE } as const;
    return await createCounted(this.#table, put, countOf(contact.accountId));
  }

  async get({ accountId, contactId }: ContactRef): Promise<Contact | undefined> {
    const item = await this.#table.get(keys.contact(accountId, contactId));
    return item && StoredContact.parse(item);
  }

  /** A page of an account's, newest first; `limit` is 1 to 1,000. Throws `InvalidCursor`. */
  async list(accountId: string, page: PageWanted): Promise<ContactPage> {
    const { items, ...next } = await readNewest(this.#table, keys.contact(accountId, ''), page);
    return { contacts: items.map((item) => StoredContact.parse(item)), ...next };
  }

  /** Puts the whole card in place of the one before, and answers the contact; `undefined` when it is not there. */
  async replace(
    { accountId, contactId }: ContactRef,
    card: ContactCard,
    at: Date,
  ): Promise<Contact | undefined> {
    return await unlessRefused(async () => {
      const item = await this.#table.update({
        kind: 'update',
        key: keys.contact(accountId, contactId),
        set: toAttributes({ ...card, updatedAt: at.toISOString() }),
        remove: card.organization === undefined ? ['organization'] : [],
        condition: THERE,
      });
      return StoredContact.parse(item);
    });
  }

  /** `false` when the account has no such contact. */
  async remove({ accountId, contactId }: ContactRef): Promise<boolean> {
    const key = keys.contact(accountId, contactId);
    return await writeUnlessRefused(this.#table, countOut(countOf(accountId)), {
      kind: 'delete',
      key,
      condition: THERE,
    });
  }
}

function countOf(accountId: string): Count {
  return { key: keys.contacts(accountId), max: CONTACTS_MAX };
}
