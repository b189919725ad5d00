import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ApiClient } from './api-client.ts';

const DemoAccount = z.object({ email: z.string(), password: z.string(), apiKey: z.string() });
export type DemoAccount = z.infer<typeof DemoAccount>;

const Login = z.object({ data: z.object({ access_token: z.string() }) });
const Key = z.object({ data: z.object({ key: z.string() }) });

const EMAIL = 'demo@example.com';

/** The account that `npm start` shows: made through the API at the first start, then read from the data folder. */
export async function findDemoAccount(url: string, dataDir: string): Promise<DemoAccount> {
  const path = join(dataDir, 'demo-account.json');
  const known = await read(path);
  if (known) return known;
  const account = await makeAccount(url);
  await writeFile(path, JSON.stringify(account, null, 2), { mode: 0o600 });
  return account;
}

async function read(path: string): Promise<DemoAccount | undefined> {
  try {
    return DemoAccount.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** A start that was cut off in between leaves an account whose password nobody knows: then another is made. */
async function makeAccount(url: string): Promise<DemoAccount> {
  const password = randomBytes(18).toString('base64url');
  const visitor = new ApiClient(url);
  for (const email of [EMAIL, `demo-${randomBytes(4).toString('hex')}@example.com`]) {
    const reply = await visitor.call('POST', '/auth/register', { email, password });
    if (reply.status === 409) continue;
    const owner = new ApiClient(url, Login.parse(reply.body).data.access_token);
    const key = await owner.call('POST', '/auth/keys', { name: 'demo' });
    return { email, password, apiKey: Key.parse(key.body).data.key };
  }
  throw new Error('The demo account could not be made.');
}
