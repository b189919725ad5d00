import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Contact } from '#shared/domain/contact.ts';
import { CONTACTS_MAX, ContactRepository } from '#shared/repositories/contact-repository.ts';
import { keys } from '#shared/repositories/keys.ts';
import { ConditionFailed, InvalidCursor } from '#shared/storage/table.ts';
import { anId, type OpenTable, openTable } from './open-table.ts';

const AT = '2026-11-22T10:00:00.000Z';
const LATER = new Date('2026-11-22T11:00:00.000Z');

let open: OpenTable;
let contacts: ContactRepository;
let accountId: string;
let made = 0;
beforeAll(async () => {
  open = await openTable();
  contacts = new ContactRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(() => {
  made += 1;
  accountId = anId(made);
});

function aContact(number: number, change: Partial<Contact> = {}): Contact {
  return {
    accountId,
    contactId: anId(number),
    fullName: `John ${number}`,
    displayName: 'johndoe',
    organization: 'Men In Black',
    phoneNumber: '919999999999',
    createdAt: AT,
    updatedAt: AT,
    ...change,
  };
}

async function idsByPage(limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await contacts.list(accountId, { limit, cursor });
    pages.push(page.contacts.map(({ contactId }) => contactId));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return pages;
}

describe('a contact', () => {
  it('is read as it was written, by its own account alone', async () => {
    const contact = aContact(1);
    await contacts.create(contact);

    expect(await contacts.get(contact)).toEqual(contact);
    expect(await contacts.get({ ...contact, accountId: anId(999_999) })).toBeUndefined();
  });

  it('does not take an id that is taken', async () => {
    await contacts.create(aContact(1));
    const second = contacts.create(aContact(1, { fullName: 'Another' }));

    await expect(second).rejects.toBeInstanceOf(ConditionFailed);
    expect(await contacts.get(aContact(1))).toEqual(aContact(1));
  });

  it('is replaced as a whole, but for its id and its beginning', async () => {
    await contacts.create(aContact(1));
    const card = { fullName: 'Jane', displayName: 'J', phoneNumber: '15550000001' };
    const replaced = await contacts.replace(aContact(1), card, LATER);

    const updatedAt = LATER.toISOString();
    expect(replaced).toEqual({ accountId, contactId: anId(1), ...card, createdAt: AT, updatedAt });
    expect(await contacts.get(aContact(1))).toEqual(replaced);
    const again = await contacts.replace(aContact(1), { ...card, organization: 'X' }, LATER);
    expect(again).toEqual({ ...replaced, organization: 'X' });
  });

  it('that is not there, or is another account’s, is neither replaced nor removed', async () => {
    const { fullName, displayName, phoneNumber } = aContact(1);
    const card = { fullName, displayName, phoneNumber };
    const stranger = { accountId: anId(999_999), contactId: anId(1) };
    await contacts.create(aContact(1));
    expect(await contacts.replace(stranger, card, LATER)).toBeUndefined();
    expect(await contacts.remove(stranger)).toBe(false);

    expect(await contacts.get(stranger)).toBeUndefined();
    expect(await contacts.get(aContact(1))).toEqual(aContact(1));
  });

  it('is removed once', async () => {
    await contacts.create(aContact(1));
    expect(await contacts.remove(aContact(1))).toBe(true);
    expect(await contacts.remove(aContact(1))).toBe(false);
    expect(await contacts.get(aContact(1))).toBeUndefined();
  });
});

describe('the list of contacts', () => {
  it('comes in pages, newest first, with none left out and none of another account', async () => {
    for (const number of [3, 1, 5, 2, 4]) await contacts.create(aContact(number));
    await contacts.create(aContact(6, { accountId: anId(999_999) }));
    const newestFirst = [5, 4, 3, 2, 1].map(anId);

    expect((await idsByPage(2)).flat()).toEqual(newestFirst);
    expect((await idsByPage(2)).every((page) => page.length <= 2)).toBe(true);
    expect((await idsByPage(100)).flat()).toEqual(newestFirst);
  });

  it('goes on where it was, whatever comes and goes meanwhile', async () => {
    for (const number of [1, 2, 3, 4]) await contacts.create(aContact(number));
    const { cursor } = await contacts.list(accountId, { limit: 2 });
    await contacts.create(aContact(9));
    await contacts.remove(aContact(3));
    const next = await contacts.list(accountId, { limit: 2, cursor });

    expect(next.contacts.map(({ contactId }) => contactId)).toEqual([anId(2), anId(1)]);
  });

  it('takes no cursor of another account', async () => {
    for (const number of [1, 2, 3]) await contacts.create(aContact(number));
    const { cursor } = await contacts.list(accountId, { limit: 2 });
    expect(cursor).toBeDefined();
    const stolen = contacts.list(anId(999_999), { limit: 2, cursor });

    await expect(stolen).rejects.toBeInstanceOf(InvalidCursor);
  });

  it('is empty before the first', async () => {
    expect(await contacts.list(accountId, { limit: 10 })).toEqual({ contacts: [] });
  });
});

describe('the count of contacts', () => {
  it('lets in no more than there may be', async () => {
    await contacts.create(aContact(1));
    const key = keys.contacts(accountId);
    await open.table.write({ kind: 'update', key, set: { count: CONTACTS_MAX - 1 } });

    expect(await contacts.create(aContact(2))).toBe('created');
    expect(await contacts.create(aContact(3))).toBe('full');
    expect(await contacts.get(aContact(3))).toBeUndefined();
  });

  it('is right when many come and go at once, and twice', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, n) => contacts.create(aContact(n))));
    await Promise.all([0, 1, 2, 0].map((n) => contacts.remove(aContact(n))));
    await expect(contacts.create(aContact(5))).rejects.toThrow(ConditionFailed);

    expect(await open.table.get(keys.contacts(accountId))).toMatchObject({ count: 7 });
    const page = await contacts.list(accountId, { limit: 100 });
    expect(page.contacts).toHaveLength(7);
  });
});
