import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../infra/local/until.ts';
import { A_PDF, anMp4, aPicture, aWav } from '../runner/media/sample-files.ts';
import { readCurl, runCurl } from './curl.ts';
import { type PageExample, readCustomerPage, shapeFaults } from './customer-page.ts';
import { type FileServer, openFileServer } from './file-server.ts';
import {
  fileShownBy,
  LinkedInstance,
  NO_VIOLATIONS,
  shownBy,
  violations,
} from './linked-instance.ts';
import { ProcessTree } from './process-tree.ts';

/** The page writes to these two by name; where it leaves the chat open, the first is meant. */
const CUSTOMER = '2349048988056';
const OTHER_CUSTOMER = '2348179803743';
const BUSINESS = '15550000001';
const LEAVING = '15550000005';

/** The files, by the paths of the page: what a path alone does not say is for each example to say. */
const PATH = '/path/to/file';
const PICTURE_PATH = '/C:/Users/Mrbarnk/Downloads/Nvestos/1_dark - Copy (2).png';

/** Which instance an example is about, when it is not the linked one, and what its file is. */
type SetUp = {
  readonly instance?: 'new' | 'leaving';
  readonly file?: Buffer;
  readonly last?: true;
};

const FILES = {
  picture: await aPicture('png', { width: 59, height: 65 }),
  photo: await aPicture('jpeg'),
  video: anMp4(2),
  audio: aWav(1),
  document: A_PDF,
};

/**
 * What examples need that make no sense by themselves. Those that link or end an instance have one of their own; a
 * linked one has no code to scan, which is what the page shows (204).
 */
const SET_UPS: Readonly<Record<string, SetUp>> = {
  'PUT Set Webhook': { instance: 'new' },
  'POST Init Instance': { instance: 'new' },
  'DEL Delete Instance': { instance: 'new', last: true },
  'GET Logout Instance': { instance: 'leaving', last: true },
  'POST Send Image Message': { file: FILES.picture },
  'POST Send Video Message': { file: FILES.video },
  'POST Send Audio Message': { file: FILES.audio },
  'POST Send Document Message': { file: FILES.document },
};

const EXAMPLES = await readCustomerPage();
const IN_ORDER = EXAMPLES.toSorted((a, b) => Number(isLast(a)) - Number(isLast(b)));

let tree: ProcessTree;
let token: string;
let web: FileServer;
let folder: string;
let instances: Record<'linked' | 'new' | 'leaving', Named>;
let attachments: string[];
let contactId: string;
const answered: string[] = [];

type Named = Pick<LinkedInstance, 'id' | 'credentials'>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'customer-page-'));
  web = await openFileServer({
    '/photo-1597431793715-b4b71ddb5670': { type: 'image/jpeg', bytes: FILES.photo },
    '/536/354': { type: 'image/jpeg', bytes: FILES.photo },
  });
  tree = await ProcessTree.make();
  await tree.start();
  token = await tree.token();
  const others = [CUSTOMER, OTHER_CUSTOMER];
  instances = {
    linked: await LinkedInstance.make(tree, { phone: BUSINESS, others }),
    leaving: await LinkedInstance.make(tree, { phone: LEAVING, others: [] }),
    new: await makeInstance(),
  };
  attachments = [
    await attach('a picture.png', 'image/png', FILES.picture),
    await attach('a paper.pdf', 'application/pdf', FILES.document),
  ];
  const card = { fullName: 'Barnks 2', phoneNumber: '2349048988056' };
  contactId = (await made('/whatsapp/contacts', card))._id;
}, 60_000);

afterAll(async () => {
  await tree.kill();
  await web.close();
  await tree.remove();
  await rm(folder, { recursive: true });
});

describe('every curl of the page', () => {
  it.each(IN_ORDER)('$title', async (example) => {
    const curl = await readCurl(await fillIn(example));
    const headers = { ...curl.headers, authorization: `Bearer ${token}` };
    const api = await tree.api();
    const { status, body } = await runCurl(api.url, { ...curl, headers });

    expect({ status, faults: shapeFaults(example.body, body) }).toEqual({
      status: example.status,
      faults: [],
    });
    answered.push(example.title);
  });
});

it('has been found and run', async () => {
  const shown = await readCustomerPage();
  expect(shown.length).toBe(24);
  expect(answered.toSorted()).toEqual(shown.map(({ title }) => title).toSorted());
  expect(shown.map(({ title }) => title)).toEqual(expect.arrayContaining(Object.keys(SET_UPS)));
});

it('has reached the phones, in order, every file byte for byte', async () => {
  await untilShown(CUSTOMER, 12);
  expect(await contentsAt(CUSTOMER)).toEqual([
    { type: 'text', text: 'Hello dear' },
    { type: 'image', file: FILES.picture },
    { type: 'document', file: FILES.document },
    { type: 'contact', contact: 'Barnks 2' },
    { type: 'location', caption: 'locationName', location: [6.556452, 3.2774487] },
    { type: 'image', caption: 'Yo', file: FILES.picture },
    { type: 'video', file: FILES.video },
    { type: 'audio', file: FILES.audio },
    { type: 'document', file: FILES.document },
    { type: 'image', caption: 'Caption', file: FILES.photo },
    { type: 'text', text: expect.stringMatching(/^title Head\n[\s\S]*1\. Reply this text/) },
    {
      type: 'text',
      text: expect.stringMatching(/^\*Head Title\*\nMiddle Text\n[\s\S]*1\. Title Option 1/),
    },
  ]);
  await untilShown(OTHER_CUSTOMER, 3);
  expect(await contentsAt(OTHER_CUSTOMER)).toEqual([
    { type: 'contact', contact: 'johndoe' },
    {
      type: 'image',
      caption: expect.stringMatching(/^Title of Message\n[\s\S]*this button calls: \+91999999999/),
      file: FILES.photo,
    },
    { type: 'text', text: 'Hello sir 3.' },
  ]);
  expect(await violations(tree.simulator)).toEqual(NO_VIOLATIONS);
});

it('has taken the device off the phone that was logged out', async () => {
  await until('the phone to have no device', async () => {
    const { body } = await tree.simulator.call('GET', `/phones/${LEAVING}`);
    return (body as { devices: unknown[] }).devices.length === 0 || undefined;
  });
});

function isLast({ title }: PageExample): boolean {
  return SET_UPS[title]?.last === true;
}

/** The command with what is the caller's own: ids, credentials, chats, the paths of files, and hosts that are here. */
async function fillIn({ title, curl }: PageExample): Promise<string> {
  const { instance = 'linked', file } = SET_UPS[title] ?? {};
  const { id, credentials } = instances[instance];
  const { session_id, access_token } = credentials;
  const filled = curl
    .replaceAll('"session_id": ""', `"session_id": "${session_id}"`)
    .replaceAll('"access_token": ""', `"access_token": "${access_token}"`)
    .replaceAll(
      'session_id=&access_token=',
      `session_id=${session_id}&access_token=${access_token}`,
    )
    .replaceAll('"chatId": ""', `"chatId": "${CUSTOMER}"`)
    .replaceAll('chatId=""', `chatId="${CUSTOMER}"`)
    .replaceAll('61a7bd6ea34282366c025764', id)
    .replaceAll('64ac311eee05a1a2c27fbdb5', attachments[0] ?? '')
    .replaceAll('64ac265749240c35b96cb78c', attachments[1] ?? '')
    .replaceAll('64a00ec7c5e487d95dcb0d5e', contactId)
    .replaceAll('valid_url', `${web.origin}/hook`)
    .replaceAll(/https:\/\/(?:images\.unsplash\.com|picsum\.photos)/g, web.origin);
  if (file === undefined) return filled;
  for (const path of [PATH, PICTURE_PATH]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), file);
  }
  return filled.replaceAll(/@"(\/[^"]*)"/g, `@"${folder}$1"`);
}

async function makeInstance(): Promise<Named> {
  const { _id: id, session_id, settings } = await made('/whatsapp/createNewWhatsapp', {});
  return { id, credentials: { session_id, access_token: settings.access_token } };
}

// biome-ignore lint/suspicious/noExplicitAny: what is missing in an answer fails the test that looks for it.
async function made(path: string, body: object): Promise<any> {
  const reply = await (await tree.api()).call('POST', path, body);
  return (reply.body as { data: unknown }).data;
}

async function attach(name: string, type: string, bytes: Buffer): Promise<string> {
  const form = new FormData();
  form.append('file', new File([new Uint8Array(bytes)], name, { type }));
  const { url } = await tree.api();
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/whatsapp/attachments`, {
    method: 'POST',
    headers,
    body: form,
  });
  return ((await answer.json()) as { data: { _id: string } }).data._id;
}

async function untilShown(number: string, count: number): Promise<void> {
  await until(`${number} to show ${count}`, async () => {
    return (await shownBy(tree.simulator, number)).length >= count || undefined;
  });
}

/** What a phone shows, as far as the calls said it. */
async function contentsAt(number: string) {
  const messages = await shownBy(tree.simulator, number);
  return await Promise.all(
    messages.map(async ({ id, type, text, caption, media, contact, location }) => ({
      type,
      ...(text !== undefined && media === undefined && type === 'text' && { text }),
      ...(caption && { caption }),
      ...(media && { file: await fileShownBy(tree.simulator, number, id) }),
      ...(contact && { contact: contact.displayName }),
      ...(location && { location: [location.latitude, location.longitude] }),
    })),
  );
}
