import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Attachment } from '#shared/domain/attachment.ts';
import {
  ATTACHMENTS_MAX,
  AttachmentRepository,
} from '#shared/repositories/attachment-repository.ts';
import { keys } from '#shared/repositories/keys.ts';
import { ConditionFailed, InvalidCursor } from '#shared/storage/table.ts';
import { anId, type OpenTable, openTable } from './open-table.ts';

const AT = '2026-11-22T10:00:00.000Z';

let open: OpenTable;
let attachments: AttachmentRepository;
let accountId: string;
let made = 0;
beforeAll(async () => {
  open = await openTable();
  attachments = new AttachmentRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(() => {
  made += 1;
  accountId = anId(made);
});

function anAttachment(number: number, change: Partial<Attachment> = {}): Attachment {
  return {
    accountId,
    attachmentId: anId(number),
    fileName: `${number}.pdf`,
    mimetype: 'application/pdf',
    size: 10,
    state: 'WAITING',
    uploadUntil: '2026-11-22T10:15:00.000Z',
    createdAt: AT,
    ...change,
  };
}

describe('an attachment', () => {
  it('is read as it was written, by its own account alone', async () => {
    const attachment = anAttachment(1, { sha256: 'ab' });
    await attachments.create(attachment);

    expect(await attachments.get(attachment)).toEqual(attachment);
    expect(await attachments.get({ ...attachment, accountId: anId(999) })).toBeUndefined();
    await expect(attachments.create(attachment)).rejects.toThrow(ConditionFailed);
  });

  it('is ready once that was seen, and is made by nothing else', async () => {
    const attachment = anAttachment(1);
    await attachments.markReady(attachment);
    expect(await attachments.get(attachment)).toBeUndefined();

    await attachments.create(attachment);
    await attachments.markReady(attachment);
    expect(await attachments.get(attachment)).toEqual({ ...attachment, state: 'READY' });
  });

  it('is cleaned away while it waits, and not when its bytes have come', async () => {
    const [waiting, ready] = [anAttachment(1), anAttachment(2)];
    for (const each of [waiting, ready]) await attachments.create(each);
    await attachments.markReady(ready);

    expect(await attachments.removeWaiting(waiting)).toBe(true);
    expect(await attachments.removeWaiting(ready)).toBe(false);
    expect(await attachments.get(waiting)).toBeUndefined();
    expect(await attachments.get(ready)).toBeDefined();
  });

  it('is removed once, by its own account alone', async () => {
    const attachment = anAttachment(1);
    await attachments.create(attachment);

    expect(await attachments.remove({ ...attachment, accountId: anId(999) })).toBe(false);
    expect(await attachments.remove(attachment)).toBe(true);
    expect(await attachments.remove(attachment)).toBe(false);
  });
});

it('counts attachments, whatever becomes of them, and lets in no more than there may be', async () => {
  const key = keys.attachments(accountId);
  for (const number of [1, 2, 3, 4]) await attachments.create(anAttachment(number));
  await attachments.markReady(anAttachment(1));
  for (const number of [1, 2, 2]) await attachments.removeWaiting(anAttachment(number));
  for (const number of [3, 3]) await attachments.remove(anAttachment(number));
  expect(await open.table.get(key)).toMatchObject({ count: 2 });

  await open.table.write({ kind: 'update', key, set: { count: ATTACHMENTS_MAX - 1 } });
  expect(await attachments.create(anAttachment(5))).toBe('created');
  expect(await attachments.create(anAttachment(6))).toBe('full');
  expect(await attachments.get(anAttachment(6))).toBeUndefined();
});

describe('a removed attachment', () => {
  const END = new Date('2026-11-22T11:15:00.000Z');
  const after = new Date(END.getTime() + 1);

  it('is told of once its uploads have ended, to its own account, until that is settled', async () => {
    const [removed, other] = [anAttachment(1), anAttachment(2)];
    for (const each of [removed, other]) await attachments.create(each);
    await attachments.remove(removed);

    expect(await attachments.lateUploads(accountId, END)).toEqual([]);
    const late = await attachments.lateUploads(accountId, after);
    expect(late).toMatchObject([{ accountId, attachmentId: removed.attachmentId }]);
    expect(await attachments.lateUploads(anId(999), after)).toEqual([]);
    for (const each of late) await attachments.forgetLateUpload(each);
    expect(await attachments.lateUploads(accountId, after)).toEqual([]);
  });

  it('is told of with nine others at most, the first to end before', async () => {
    for (let number = 1; number <= 11; number += 1) {
      await attachments.create(anAttachment(number));
      await attachments.remove(anAttachment(number));
    }
    const late = await attachments.lateUploads(accountId, after);

    expect(late.map(({ attachmentId }) => attachmentId)).toEqual(
      Array.from({ length: 10 }, (_, index) => anId(index + 1)),
    );
  });
});

it('lists pages, newest first, without what else lies with the account', async () => {
  for (const number of [1, 2, 3]) await attachments.create(anAttachment(number));
  await open.table.write({ kind: 'put', item: { pk: `ACCOUNT#${accountId}`, sk: 'CONTACT#1' } });
  const first = await attachments.list(accountId, { limit: 2 });
  const second = await attachments.list(accountId, { limit: 2, cursor: first.cursor });

  const pages = [first, second].map((page) => page.attachments.map(({ fileName }) => fileName));
  expect(pages).toEqual([['3.pdf', '2.pdf'], ['1.pdf']]);
  await expect(attachments.list(anId(999), { limit: 2, cursor: first.cursor })).rejects.toThrow(
    InvalidCursor,
  );
});
