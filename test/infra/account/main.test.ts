import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ApiUnderTest, startApi } from '../../functions/api-under-test.ts';
import { bearer, call, dataOf } from '../../functions/callers.ts';

const MAIN = new URL('../../../infra/account/main.ts', import.meta.url).pathname;
const EMAIL = 'operator@example.com';
const Access = z.object({ access_token: z.string() });
const Tokens = z.object({ refresh_token: z.string() });

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ config: { openRegistration: false } });
});
afterAll(async () => {
  await api.close();
});

/** `npm run account -- …` on the data folder that the API has open. */
async function account(args: readonly string[], stdin = '') {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { DATA_DIR: api.dataDir } });
  child.stdin.end(stdin);
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  return { stdout, stderr, exitCode };
}

async function login(password: string) {
  return await call(api, 'POST /auth/login', { json: { email: EMAIL, password } });
}

describe('npm run account', () => {
  it('makes an account while the API runs, which then logs in with the password that was shown', async () => {
    const made = await account(['create', '--email', EMAIL, '--name', 'Operator']);
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    expect(made.stdout).toContain(api.dataDir);
    const password = /password +(\S{24}) /.exec(made.stdout)?.[1] ?? '';
    const answer = await login(password);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"name":"Operator"');

    const again = await account(['create', '--email', EMAIL.toUpperCase()]);
    expect(again).toMatchObject({ exitCode: 1, stdout: '' });
    expect(again.stderr).toContain(`account with the e-mail ${EMAIL}`);
  });

  it('sets a password from standard input without showing it, and ends the logins', async () => {
    const before = await login('nothing yet');
    expect(before.status).toBe(401);
    const set = ['reset-password', '--email', EMAIL, '--password-stdin'];
    const first = await account(set, 'correct horse battery\n');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).not.toContain('horse');
    const { refresh_token } = dataOf(await login('correct horse battery'), Tokens);

    expect(await account(set, 'another horse')).toMatchObject({ exitCode: 0 });
    expect((await login('correct horse battery')).status).toBe(401);
    const refreshed = await call(api, 'POST /auth/refresh', { json: { refresh_token } });
    expect(refreshed.status).toBe(401);
  });

  it('makes an account an admin, who sees the runners, and no admin again', async () => {
    const made = await account(['create', '--email', 'admin@example.com']);
    const password = /password +(\S{24}) /.exec(made.stdout)?.[1] ?? '';
    const json = { email: 'admin@example.com', password };
    const { access_token } = dataOf(await call(api, 'POST /auth/login', { json }), Access);
    const seen = async () =>
      (await call(api, 'GET /runners', { headers: bearer(access_token) })).status;
    expect(await seen()).toBe(403);
    const granted = await account(['grant-admin', '--email', 'admin@example.com']);
    expect(granted).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('an admin now') });
    expect(await seen()).toBe(200);
    const revoked = await account(['revoke-admin', '--email', 'admin@example.com']);
    expect(revoked).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('no admin now') });
    expect(await seen()).toBe(403);
    const nobody = await account(['grant-admin', '--email', 'nobody@example.com']);
    expect(nobody.stderr).toContain('no account with the e-mail nobody@example.com');
  });

  it('fails with words for a password that is too short, and for nobody', async () => {
    const short = await account(['create', '--email', 'b@example.com', '--password-stdin'], 'x\n');
    expect(short).toMatchObject({ exitCode: 1, stdout: '' });
    expect(short.stderr).toContain('8 to 200 characters');
    const nobody = await account(['reset-password', '--email', 'nobody@example.com']);
    expect(nobody).toMatchObject({ exitCode: 1, stdout: '' });
    expect(nobody.stderr).toContain('no account with the e-mail nobody@example.com');
  });

  it('exits with 2 when it is not understood, and with 0 when it helps', async () => {
    const [wrong, help] = await Promise.all([account(['create', '--nope']), account(['--help'])]);
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
    expect(wrong.stderr).toContain("'--nope'");
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain('reset-password');
  });
});
