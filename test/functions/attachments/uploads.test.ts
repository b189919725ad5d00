import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAttachment } from '#functions/attachments/open-attachment.ts';
import { allOf } from '../../shared/repositories/open-table.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  anAccount,
  anApiKey,
  bearer,
  call,
  dataOf,
  errorOf,
  faultPaths,
} from '../callers.ts';
import {
  Announced,
  anAttachment,
  Page,
  postFile,
  ROUTE,
  Shown,
  upload,
  type View,
} from './attachment-calls.ts';

const MINUTE_MS = 60_000;
const VIDEO = { fileName: 'holiday.mp4', mimetype: 'video/mp4', size: 9 };

let api: ApiUnderTest;
let account: Account;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  const made = await anAccount(api);
  // An access token would not outlive the waits.
  account = { ...made, headers: bearer((await anApiKey(api, made)).key) };
});

async function announce(fields: object): Promise<Answer> {
  return await call(api, `POST ${ROUTE}`, { headers: account.headers, json: fields });
}

async function anUpload(): Promise<Announced> {
  return dataOf(await announce(VIDEO), Announced);
}

async function show(id: string): Promise<Answer> {
  return await call(api, `GET ${ROUTE}/${id}`, { headers: account.headers });
}

async function listed(): Promise<View[]> {
  const answer = await call(api, `GET ${ROUTE}`, { headers: account.headers });
  return dataOf(answer, Page).attachments;
}

async function open(attachmentId: string, { accountId } = account) {
  return await openAttachment({ accountId, attachmentId }, api.deps);
}

function wait(minutes: number): void {
  api.clock.now = new Date(api.clock.now.getTime() + minutes * MINUTE_MS);
}

describe('POST /whatsapp/attachments without a file', () => {
  it('says where the bytes are to be put, and for how long', async () => {
    const answer = await announce(VIDEO);

    expect(answer.status).toBe(201);
    const { upload: where, ...view } = dataOf(answer, Announced);
    const createdAt = api.clock.now.toISOString();
    expect(view).toEqual({
      _id: view._id,
      ...VIDEO,
      sha256: null,
      state: 'WAITING',
      createdAt,
      expiresAt: null,
    });
    expect(where.headers).toEqual({ 'content-type': 'video/mp4' });
    expect(where.expiresAt).toBe(new Date(api.clock.now.getTime() + 15 * MINUTE_MS).toISOString());
  });

  it('takes a form', async () => {
    const { headers } = account;
    const body = new URLSearchParams({ ...VIDEO, size: '104857600' }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await call(api, `POST ${ROUTE}`, { headers: { ...headers, ...type }, body });

    expect(dataOf(answer, Announced).size).toBe(104_857_600);
  });

  it.each([
    [{}, ['fileName', 'mimetype', 'size']],
    [{ ...VIDEO, fileName: '' }, ['fileName']],
    [{ ...VIDEO, mimetype: 'video' }, ['mimetype']],
    [{ ...VIDEO, size: 0 }, ['size']],
    [{ ...VIDEO, size: 104_857_601 }, ['size']],
    [{ ...VIDEO, size: 1.5 }, ['size']],
    [{ ...VIDEO, size: '9' }, ['size']],
  ])('refuses %j with the path of each fault', async (fields, paths) => {
    const answer = await announce(fields);

    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe('validation_failed');
    expect(faultPaths(answer).sort()).toEqual(paths);
    expect(await listed()).toEqual([]);
  });
});

describe('an upload', () => {
  it('makes the attachment ready, for the next call that looks', async () => {
    const announced = await anUpload();
    const waiting = dataOf(await show(announced._id), Shown);
    expect(waiting).toMatchObject({ state: 'WAITING', url: null, urlExpiresAt: null });
    expect(await open(announced._id)).toBeUndefined();

    expect(await upload(announced, 'the bytes')).toBe(200);
    expect(await listed()).toMatchObject([{ _id: announced._id, state: 'READY' }]);
    const ready = dataOf(await show(announced._id), Shown);
    const response = await fetch(ready.url ?? '');
    expect(await response.text()).toBe('the bytes');
  });

  it('must have the length and the type that were announced', async () => {
    const announced = await anUpload();
    expect(await upload(announced, 'too few')).toBe(403);
    expect(await upload(announced, 'too many bytes')).toBe(403);
    const headers = { 'content-type': 'text/html' };
    const other = { ...announced, upload: { ...announced.upload, headers } };
    expect(await upload(other, 'the bytes')).toBe(403);

    expect(dataOf(await show(announced._id), Shown).state).toBe('WAITING');
  });

  it('is forgotten when nobody has made it', async () => {
    const announced = await anUpload();
    wait(15.1);
    expect(await upload(announced, 'the bytes')).toBe(403);
    expect(dataOf(await show(announced._id), Shown)).toMatchObject({ state: 'EXPIRED', url: null });
    expect(await listed()).toMatchObject([{ _id: announced._id, state: 'EXPIRED' }]);

    wait(60);
    const ref = { accountId: account.accountId, attachmentId: announced._id };
    // Whoever sends it may delete nothing.
    expect(await open(announced._id)).toBeUndefined();
    expect(await api.deps.attachments.get(ref)).toBeDefined();
    expect(await listed()).toEqual([]);
    expect(await api.deps.attachments.get(ref)).toBeUndefined();
    expect((await show(announced._id)).status).toBe(404);
  });

  it('is not forgotten when it came late, whoever looks first', async () => {
    const announced = await anUpload();
    await upload(announced, 'the bytes');
    wait(24 * 60);

    expect(await open(announced._id)).toMatchObject({ state: 'READY' });
    expect(await listed()).toMatchObject([{ _id: announced._id, state: 'READY' }]);
  });

  it('can be given up', async () => {
    const { headers } = account;
    const { _id } = await anUpload();

    expect((await call(api, `DELETE ${ROUTE}/${_id}`, { headers })).status).toBe(204);
    expect(await listed()).toEqual([]);
  });

  it.each([
    ['lists its attachments', listed],
    ['makes another', anUpload],
  ])('leaves no bytes of what was deleted, once the account %s', async (_name, next) => {
    const { headers } = account;
    const blobs = () => allOf(api.storage.mediaBlobs.list(`attachments/${account.accountId}/`));
    const announced = await anUpload();
    expect(await upload(announced, 'the bytes')).toBe(200);
    await call(api, `DELETE ${ROUTE}/${announced._id}`, { headers });
    expect(await upload(announced, 'the bytes')).toBe(200);
    expect(await blobs()).toHaveLength(1);

    wait(15.1);
    await next();
    expect(await blobs()).toHaveLength(1);
    wait(60);
    await next();
    expect(await blobs()).toEqual([]);
  });
});

describe('openAttachment', () => {
  it('gives what a message needs to send it', async () => {
    const { _id, fileName, mimetype, size } = await anAttachment(api, account);
    const opened = await open(_id);

    const blobKey = `attachments/${account.accountId}/${_id}`;
    expect(opened).toMatchObject({ attachmentId: _id, fileName, mimetype, size, blobKey });
    const bytes = await api.storage.mediaBlobs.get(opened?.blobKey ?? '');
    expect(Buffer.from(bytes ?? []).toString()).toBe('the bytes');
  });

  it("finds neither another account's nor what is no id", async () => {
    const { _id } = await anAttachment(api, account);
    const stranger = await anAccount(api);

    expect(await open(_id, stranger)).toBeUndefined();
    expect(await open('../x')).toBeUndefined();
    expect(await open('64a00ec7c5e487d95dcb0d5e')).toBeUndefined();
  });
});

it('leaves a record of the bytes whatever breaks off', async () => {
  const broken = await startApi();
  try {
    const owner = await anAccount(broken);
    const { media } = broken.deps;
    const put = media.put.bind(media);
    media.put = async (key, bytes) => {
      await put(key, bytes);
      throw new Error('The line is dead.');
    };
    const answer = await postFile(broken, owner, 'the bytes');

    expect(answer.status).toBe(500);
    const stored = await allOf(broken.storage.mediaBlobs.list('attachments/'));
    const { attachments } = await broken.deps.attachments.list(owner.accountId, { limit: 10 });
    expect(stored).toEqual(
      attachments.map(({ attachmentId }) => `attachments/${owner.accountId}/${attachmentId}`),
    );
    expect(attachments).toHaveLength(1);
  } finally {
    await broken.close();
  }
});
