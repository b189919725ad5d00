import { createHash } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ATTACHMENTS_MAX } from '#shared/repositories/attachment-repository.ts';
import { keys } from '#shared/repositories/keys.ts';
import { allOf } from '../../shared/repositories/open-table.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  anAccount,
  anApiKey,
  anInstance,
  bearer,
  call,
  dataOf,
  errorOf,
  faultPaths,
} from '../callers.ts';
import { anAttachment, Page, postFile, ROUTE, Shown, View } from './attachment-calls.ts';

const UNKNOWN_ID = '64a00ec7c5e487d95dcb0d5e';
type FileOf = [bytes: string | Uint8Array<ArrayBuffer>, options?: { name?: string; type?: string }];

const HOUR_MS = 60 * 60_000;

let api: ApiUnderTest;
let account: Account;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  account = await anAccount(api);
});

async function ask(route: string): Promise<Answer> {
  return await call(api, route, { headers: account.headers });
}

async function post(...file: FileOf): Promise<Answer> {
  return await postFile(api, account, ...file);
}

/** What lies under the account's keys. */
async function blobsOf({ accountId }: Account): Promise<string[]> {
  return await allOf(api.storage.mediaBlobs.list(`attachments/${accountId}/`));
}

describe('POST /whatsapp/attachments with a file', () => {
  it('keeps the bytes, and tells what they are', async () => {
    const answer = await post('the bytes', { name: 'C:\\temp\\Bericht für 👋.pdf' });

    expect(answer.status).toBe(201);
    const attachment = dataOf(answer, View);
    expect(attachment).toEqual({
      _id: attachment._id,
      fileName: 'Bericht für 👋.pdf',
      mimetype: 'application/pdf',
      size: 9,
      sha256: createHash('sha256').update('the bytes').digest('hex'),
      state: 'READY',
      createdAt: api.clock.now.toISOString(),
      expiresAt: null,
    });
    expect(await blobsOf(account)).toEqual([`attachments/${account.accountId}/${attachment._id}`]);
  });

  it('takes as many bytes as fit through the gateway, and says where more of them go', async () => {
    const fits = await post(new Uint8Array(4_500_000));
    expect(fits.status).toBe(201);
    expect(dataOf(fits, View).size).toBe(4_500_000);

    const tooMany = await post(new Uint8Array(4_500_001));
    expect(tooMany.status).toBe(413);
    expect(errorOf(tooMany).code).toBe('payload_too_large');
    expect(faultPaths(tooMany)).toEqual(['file']);
    const farTooMany = await post(new Uint8Array(5_000_000));
    expect(farTooMany.status).toBe(413);
    expect(errorOf(farTooMany).code).toBe('payload_too_large');
    expect(await blobsOf(account)).toHaveLength(1);
  });

  it('takes a file of no type for bytes', async () => {
    const attachment = dataOf(await post('x', { type: '' }), View);
    expect(attachment.mimetype).toBe('application/octet-stream');
  });

  it.each<[string, FileOf]>([
    ['an empty file', ['']],
    ['a file whose type is none', ['x', { type: 'nonsense' }]],
  ])('refuses %s, and names the field', async (_, file) => {
    const answer = await post(...file);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['file']);
    expect(await blobsOf(account)).toEqual([]);
  });

  it('refuses a file that is a text', async () => {
    const { headers } = account;
    const answer = await call(api, `POST ${ROUTE}`, { headers, json: { file: 'the bytes' } });

    expect(answer.status).toBe(400);
    expect(errorOf(answer).details).toEqual([{ path: 'file', message: 'must be a file' }]);
  });
});

describe('an account with as many attachments as it may have', () => {
  it('gets no more, in whatever way, until one is deleted', async () => {
    const { headers, accountId } = account;
    const { _id } = await anAttachment(api, account);
    const count = { kind: 'update', key: keys.attachments(accountId) } as const;
    await api.storage.table.write({ ...count, set: { count: ATTACHMENTS_MAX } });

    const json = { fileName: 'a.mp4', mimetype: 'video/mp4', size: 5 };
    const announce = async () => await call(api, `POST ${ROUTE}`, { headers, json });
    for (const refused of [await postFile(api, account, 'x'), await announce()]) {
      expect([refused.status, errorOf(refused).code]).toEqual([409, 'too_many_attachments']);
    }
    await call(api, `DELETE ${ROUTE}/${_id}`, { headers });
    expect((await announce()).status).toBe(201);
    expect((await announce()).status).toBe(409);
  });
});

describe('GET /whatsapp/attachments/{id}', () => {
  it('gives a URL that gives the bytes for an hour, under their name', async () => {
    const attachment = await anAttachment(api, account);
    const shown = dataOf(await ask(`GET ${ROUTE}/${attachment._id}`), Shown);
    const { url, urlExpiresAt, ...view } = shown;

    expect(view).toEqual(attachment);
    expect(urlExpiresAt).toBe(new Date(api.clock.now.getTime() + HOUR_MS).toISOString());
    const download = await request(url ?? '');
    expect(download.statusCode).toBe(200);
    expect(download.headers['content-disposition']).toContain('report.pdf');
    expect(await download.body.text()).toBe('the bytes');
    api.clock.now = new Date(api.clock.now.getTime() + HOUR_MS + 1);
    const late = await request(url ?? '');
    await late.body.dump();
    expect(late.statusCode).toBe(403);
  });
});

describe('GET /whatsapp/attachments', () => {
  it('shows pages, newest first, and nothing of another account', async () => {
    const ids: string[] = [];
    for (const bytes of ['one', 'two', 'three']) {
      ids.unshift((await anAttachment(api, account, bytes))._id);
      api.clock.now = new Date(api.clock.now.getTime() + 1);
    }
    const first = dataOf(await ask(`GET ${ROUTE}?limit=2`), Page);
    const second = dataOf(await ask(`GET ${ROUTE}?limit=2&cursor=${first.cursor}`), Page);

    expect(first.attachments.map(({ _id }) => _id)).toEqual(ids.slice(0, 2));
    expect(second.attachments.map(({ _id }) => _id)).toEqual(ids.slice(2));
    expect(second.cursor).toBeNull();
    account = await anAccount(api);
    const others = await ask(`GET ${ROUTE}`);
    expect(dataOf(others, Page)).toEqual({ attachments: [], cursor: null });
    expect(faultPaths(await ask(`GET ${ROUTE}?cursor=${first.cursor}`))).toEqual(['cursor']);
    expect(faultPaths(await ask(`GET ${ROUTE}?limit=101`))).toEqual(['limit']);
  });
});

describe('DELETE /whatsapp/attachments/{id}', () => {
  it('takes record and bytes away, and nothing else', async () => {
    const kept = await anAttachment(api, account);
    const { _id } = await anAttachment(api, account);
    const answer = await ask(`DELETE ${ROUTE}/${_id}`);

    expect(answer.status).toBe(204);
    expect((await ask(`GET ${ROUTE}/${_id}`)).status).toBe(404);
    expect((await ask(`DELETE ${ROUTE}/${_id}`)).status).toBe(404);
    expect(await blobsOf(account)).toEqual([`attachments/${account.accountId}/${kept._id}`]);
    expect(dataOf(await ask(`GET ${ROUTE}`), Page).attachments).toEqual([kept]);
  });
});

describe('one attachment', () => {
  it.each(['GET', 'DELETE'])('%s does not find what is not there', async (method) => {
    for (const id of [UNKNOWN_ID, UNKNOWN_ID.toUpperCase(), 'x', '%20', '..%2Fkeys']) {
      const answer = await ask(`${method} ${ROUTE}/${id}`);
      expect(answer.status).toBe(404);
      expect(errorOf(answer).code).toBe('not_found');
    }
  });

  it.each(['GET', 'DELETE'])("%s does not find another account's", async (method) => {
    const owner = account;
    const { _id } = await anAttachment(api, owner);
    account = await anAccount(api);
    const { query } = await anInstance(api, account);

    expect((await ask(`${method} ${ROUTE}/${_id}`)).status).toBe(404);
    expect((await call(api, `${method} ${ROUTE}/${_id}${query}`)).status).toBe(404);
    expect(await blobsOf(owner)).toHaveLength(1);
  });
});

describe('attachments', () => {
  it('are those of the account for an API key, and for the token of an instance', async () => {
    const mine = await anAttachment(api, account);
    const { key } = await anApiKey(api, account);
    const { credentials, query } = await anInstance(api, account);
    api.clock.now = new Date(api.clock.now.getTime() + 1);
    const its = dataOf(await postFile(api, {}, 'by it', { fields: credentials }), View);

    const byKey = await call(api, `GET ${ROUTE}`, { headers: bearer(key) });
    expect(dataOf(byKey, Page).attachments).toEqual([its, mine]);
    const byInstance = await call(api, `GET ${ROUTE}/${mine._id}${query}`);
    expect(dataOf(byInstance, Shown)).toMatchObject(mine);
    expect((await call(api, `DELETE ${ROUTE}/${mine._id}${query}`)).status).toBe(204);
  });

  it('are closed to nobody at all, and to a wrong token', async () => {
    const { credentials } = await anInstance(api, account);
    const answers = [
      await call(api, `GET ${ROUTE}`),
      await call(api, `GET ${ROUTE}?session_id=${credentials.session_id}`),
      await postFile(api, {}, 'x'),
      await call(api, `GET ${ROUTE}`, { headers: bearer('nonsense') }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it('leave no name and no URL in the log', async () => {
    const attachment = dataOf(await post('x', { name: 'never-logged.pdf' }), View);
    await ask(`GET ${ROUTE}/${attachment._id}`);
    const lines = JSON.stringify(api.logLines());

    expect(lines).toContain('Answered a call.');
    expect(lines).not.toMatch(/never-logged|blobs\//);
  });
});
