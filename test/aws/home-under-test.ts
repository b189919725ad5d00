import * as z from 'zod';
import { signAccessToken } from '#functions/auth/access-token.ts';
import { fixedTokenKeys } from '#functions/auth/token-keys.ts';
import { createAccountByOperator } from './operator.ts';
import { type RawAnswer, type RawCall, rawCall } from './raw-call.ts';
import { type StableAnswer, toStable } from './stable-answer.ts';

const PASSWORD = 'a password of the tests';
const DAY_MS = 86_400_000;

const Login = z.object({
  data: z.object({
    user: z.object({ _id: z.string() }),
    access_token: z.string(),
    refresh_token: z.string(),
  }),
});
const Key = z.object({ data: z.object({ id: z.string(), key: z.string() }) });
const Instance = z.object({
  data: z.object({
    _id: z.string(),
    session_id: z.string(),
    settings: z.object({ access_token: z.string() }),
  }),
});
const Sent = z.object({
  data: z.object({ message: z.object({ key: z.object({ id: z.string() }) }) }),
});

/** One of the places where the API runs. */
export type Home = {
  /** The API's address. */
  readonly base: string;
  /** How the operator names it when he makes an account: nobody registers by himself here. */
  readonly operatorFlags: readonly string[];
  /** In the e-mail addresses, so that tests can be run again on what is deployed. */
  readonly runId: string;
  /** What its access tokens are signed with. */
  readonly jwtSecret: string;
};

/** What the calls of the table speak of, by the same names in both homes. */
export type Cast = {
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly expiredToken: string;
  readonly refreshToken: string;
  readonly apiKey: string;
  readonly keyId: string;
  readonly instanceId: string;
  readonly sessionId: string;
  readonly instanceToken: string;
  readonly messageId: string;
  readonly strangerToken: string;
  readonly strangerInstanceId: string;
  readonly strangerSessionId: string;
};

/** The API in one home, with accounts, instances and a message in it: the same ones in every home. */
export class HomeUnderTest {
  readonly cast: Cast;
  readonly #base: string;

  private constructor(base: string, cast: Cast) {
    this.#base = base;
    this.cast = cast;
  }

  static async make(home: Home): Promise<HomeUnderTest> {
    const { base } = home;
    const email = `owner-${home.runId}@example.com`;
    const owner = await makeAccount(email, home);
    const stranger = await makeAccount(`stranger-${home.runId}@example.com`, home);
    const key = Key.parse(await post(base, '/auth/keys', { name: 'a key' }, owner.token)).data;
    const instance = await makeInstance(base, owner.token);
    const foreign = await makeInstance(base, stranger.token);
    const named = { session_id: instance.session_id };
    await post(base, '/whatsapp/init', named, owner.token);
    const text = { ...named, chatId: '15550000002', message: 'hello' };
    const sent = Sent.parse(await post(base, '/whatsapp/message', text, owner.token));
    return new HomeUnderTest(base, {
      email,
      password: PASSWORD,
      ...owner,
      apiKey: key.key,
      keyId: key.id,
      instanceId: instance._id,
      sessionId: instance.session_id,
      instanceToken: instance.settings.access_token,
      messageId: sent.data.message.key.id,
      strangerToken: stranger.token,
      strangerInstanceId: foreign._id,
      strangerSessionId: foreign.session_id,
    });
  }

  async call(toCall: (cast: Cast) => RawCall): Promise<RawAnswer> {
    return await rawCall(this.#base, toCall(this.cast));
  }

  async stableAnswer(toCall: (cast: Cast) => RawCall): Promise<StableAnswer> {
    return toStable(await this.call(toCall), this.cast);
  }
}

async function makeAccount(
  email: string,
  { base, operatorFlags, jwtSecret }: Home,
): Promise<Pick<Cast, 'token' | 'expiredToken' | 'refreshToken'>> {
  await createAccountByOperator({ email, password: PASSWORD, home: operatorFlags });
  const { data } = Login.parse(await post(base, '/auth/login', { email, password: PASSWORD }));
  const subject = { accountId: data.user._id, loginId: data.user._id };
  const longAgo = new Date(Date.now() - DAY_MS);
  const signing = { tokenKeys: fixedTokenKeys(jwtSecret), now: () => longAgo };
  return {
    token: data.access_token,
    expiredToken: await signAccessToken(subject, signing),
    refreshToken: data.refresh_token,
  };
}

async function makeInstance(base: string, token: string) {
  return Instance.parse(await post(base, '/whatsapp/createNewWhatsapp', {}, token)).data;
}

async function post(base: string, path: string, body: object, token?: string): Promise<unknown> {
  const answer = await rawCall(base, {
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = answer.body.toString('utf8');
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
