import * as z from 'zod';
import { Attachment, uploadsEndAt } from '../domain/attachment.ts';
import { ObjectId } from '../domain/identifier.ts';
import type { Condition, Table } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { type Count, countOut, createCounted } from './counted.ts';
import { keys } from './keys.ts';
import { type PageWanted, readNewest } from './read-newest.ts';
import { withoutTableKeys } from './stored.ts';
import { writeUnlessRefused } from './unless-refused.ts';

/** Of an account. A hundred GB, if all are as large as they may be. */
export const ATTACHMENTS_MAX = 1_000;

const StoredAttachment = withoutTableKeys.pipe(Attachment);

const LateUpload = z.strictObject({
  accountId: ObjectId,
  attachmentId: ObjectId,
  until: z.iso.datetime(),
});
type LateUpload = z.infer<typeof LateUpload>;
const StoredLateUpload = withoutTableKeys.pipe(LateUpload);
/** They are deleted one by one, in a call that is about something else. */
const LATE_UPLOADS_AT_ONCE = 10;

const THERE: Condition = { kind: 'present', field: 'pk' };
const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };
const STILL_WAITING: Condition = { kind: 'equals', field: 'state', value: 'WAITING' };

export type AttachmentRef = Pick<Attachment, 'accountId' | 'attachmentId'>;

type RemovedAttachment = AttachmentRef & Pick<Attachment, 'uploadUntil'>;

/** `cursor` is there when more attachments may follow. */
type AttachmentPage = { readonly attachments: readonly Attachment[]; readonly cursor?: string };

/** The attachments of accounts. Each lies in its account's partition, so that no read can reach another's. */
export class AttachmentRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** `full` when the account has as many as it may. */
  async create(attachment: Attachment): Promise<'created' | 'full'> {
    const key = keys.attachment(attachment.accountId, attachment.attachmentId);
    const item = { ...toAttributes(attachment), ...key };
    const put = { kind: 'put', item, condition: NOT_THERE } as const;
    return await createCounted(this.#table, put, countOf(attachment.accountId));
  }

  async get({ accountId, attachmentId }: AttachmentRef): Promise<Attachment | undefined> {
    const item = await this.#table.get(keys.attachment(accountId, attachmentId));
    return item && StoredAttachment.parse(item);
  }

  /** A page of an account's, newest first. Throws `InvalidCursor`. */
  async list(accountId: string, page: PageWanted): Promise<AttachmentPage> {
    const { items, ...next } = await readNewest(this.#table, keys.attachment(accountId, ''), page);
    return { attachments: items.map((item) => StoredAttachment.parse(item)), ...next };
  }

  /** The bytes are there. Nothing happens when the attachment is gone. */
  async markReady({ accountId, attachmentId }: AttachmentRef): Promise<void> {
    await writeUnlessRefused(this.#table, {
      kind: 'update',
      key: keys.attachment(accountId, attachmentId),
      set: { state: 'READY' },
      condition: THERE,
    });
  }

  /** Nobody has uploaded its bytes: `false` when somebody has, after all. */
  async removeWaiting({ accountId, attachmentId }: AttachmentRef): Promise<boolean> {
    const key = keys.attachment(accountId, attachmentId);
    return await writeUnlessRefused(this.#table, countOut(countOf(accountId)), {
      kind: 'delete',
      key,
      condition: STILL_WAITING,
    });
  }

  /** `false` when the account has no such attachment. Bytes that may yet come for it are `lateUploads` in time. */
  async remove(attachment: RemovedAttachment): Promise<boolean> {
    const { accountId, attachmentId } = attachment;
    const until = uploadsEndAt(attachment).toISOString();
    const late = { accountId, attachmentId, until };
    return await writeUnlessRefused(
      this.#table,
      countOut(countOf(accountId)),
      { kind: 'delete', key: keys.attachment(accountId, attachmentId), condition: THERE },
      { kind: 'put', item: { ...late, ...keys.deletedUpload(accountId, until, attachmentId) } },
    );
  }

  /** The account's removed attachments whose uploads have ended since, the oldest first, so many at a time. */
  async lateUploads(accountId: string, now: Date): Promise<LateUpload[]> {
    const { pk: partition, sk: to } = keys.deletedUpload(accountId, now.toISOString(), '');
    const { sk: from } = keys.deletedUpload(accountId, '', '');
    const { items } = await this.#table.query({
      index: 'primary',
      partition,
      sort: { kind: 'between', from, to },
      limit: LATE_UPLOADS_AT_ONCE,
    });
    return items.map((item) => StoredLateUpload.parse(item));
  }

  /** Its bytes are deleted. */
  async forgetLateUpload({ accountId, attachmentId, until }: LateUpload): Promise<void> {
    const key = keys.deletedUpload(accountId, until, attachmentId);
    await this.#table.write({ kind: 'delete', key });
  }
}

function countOf(accountId: string): Count {
  return { key: keys.attachments(accountId), max: ATTACHMENTS_MAX };
}
