import { type FormData, request } from 'undici';
import * as z from 'zod';
import type { Instance } from '#shared/domain/instance.ts';
import type { SessionReport } from '#shared/repositories/instance-repository.ts';
import type { ApiUnderTest } from './api-under-test.ts';

export const PASSWORD = 'correct horse battery staple';

type Headers = Readonly<Record<string, string>>;
export type CallOptions = {
  readonly headers?: Headers;
  readonly json?: unknown;
  readonly body?: string | FormData | Uint8Array;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The parsed body, `undefined` when it is no JSON. */
  readonly json: unknown;
};

/** curl's `--data` says this of everything. */
const CURL = { 'content-type': 'application/x-www-form-urlencoded' };

/** One HTTP call: `GET /healthz`. JSON goes out as curl's `--data` sends it, at any method. */
export async function call(
  api: Pick<ApiUnderTest, 'url'>,
  route: string,
  { headers = {}, json, body }: CallOptions = {},
): Promise<Answer> {
  const [method = '', path = ''] = route.split(/ (.*)/);
  const response = await request(`${api.url}${path}`, {
    method,
    headers: json === undefined ? headers : { ...CURL, ...headers },
    body: json === undefined ? (body ?? null) : JSON.stringify(json),
  });
  const bytes = await response.body.bytes();
  const text = new TextDecoder().decode(bytes);
  return {
    status: response.statusCode,
    headers: response.headers,
    bytes,
    text,
    json: parse(text),
  };
}

/** A form with files, as curl's `--form` and browsers make it. */
export async function formOf(
  fields: Readonly<Record<string, string | File>>,
): Promise<Required<Omit<CallOptions, 'json'>>> {
  const form = new globalThis.FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const written = new Response(form);
  const contentType = written.headers.get('content-type') ?? '';
  return { headers: { 'content-type': contentType }, body: await written.bytes() };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Failure = z.object({
  status: z.literal(false),
  message: z.string().min(1),
  error: z.strictObject({
    code: z.string(),
    details: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  }),
});

/** The `error` of a refusal, after its envelope was seen to be right. */
export function errorOf({ json }: Answer): z.infer<typeof Failure>['error'] {
  return Failure.parse(json).error;
}

/** The paths of the faults that a refusal names. */
export function faultPaths(answer: Answer): string[] {
  return (errorOf(answer).details ?? []).map(({ path }) => path);
}

const Success = z.strictObject({
  status: z.literal(true),
  message: z.string().min(1),
  data: z.unknown(),
});

/** The `data` of a success, after its envelope was seen to be right. */
export function dataOf<S extends z.ZodType>({ json }: Answer, schema: S): z.infer<S> {
  return schema.parse(Success.parse(json).data);
}

const Registered = z.object({
  user: z.object({ _id: z.string() }),
  access_token: z.string(),
  refresh_token: z.string(),
});

export type Account = {
  readonly accountId: string;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** `Authorization` with the access token, and the empty `x-refresh` of the customer's page. */
  readonly headers: Headers;
};

let accounts = 0;

/** A new account, logged in. */
export async function anAccount(api: ApiUnderTest): Promise<Account> {
  accounts += 1;
  const email = `someone-${accounts}@example.com`;
  const answer = await call(api, 'POST /auth/register', { json: { email, password: PASSWORD } });
  const data = dataOf(answer, Registered);
  return {
    accountId: data.user._id,
    email,
    accessToken: data.access_token,
    refreshToken: data.refresh_token,
    headers: bearer(data.access_token),
  };
}

export function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}`, 'x-refresh': '' };
}

const Key = z.object({ id: z.string(), key: z.string() });

/** A new API key of the account. */
export async function anApiKey(api: ApiUnderTest, account: Account): Promise<z.infer<typeof Key>> {
  const { headers } = account;
  return dataOf(await call(api, 'POST /auth/keys', { headers, json: { name: 'a key' } }), Key);
}

const Created = z.object({
  _id: z.string(),
  session_id: z.string(),
  settings: z.object({ access_token: z.string() }),
});

export type OwnedInstance = {
  readonly id: string;
  readonly accountId: string;
  /** As they stand in a query or a body. */
  readonly credentials: { readonly session_id: string; readonly access_token: string };
  /** `?session_id=…&access_token=…` */
  readonly query: string;
};

/** A new instance of the account. */
export async function anInstance(api: ApiUnderTest, account: Account): Promise<OwnedInstance> {
  const { headers } = account;
  const answer = await call(api, 'POST /whatsapp/createNewWhatsapp', { headers, json: {} });
  const data = dataOf(answer, Created);
  const credentials = {
    session_id: data.session_id,
    access_token: data.settings.access_token,
  };
  return {
    id: data._id,
    accountId: account.accountId,
    credentials,
    query: `?${new URLSearchParams(credentials)}`,
  };
}

/** What a runner would report. */
export async function report(
  api: ApiUnderTest,
  { id, accountId }: OwnedInstance,
  session: SessionReport,
): Promise<Instance> {
  const ref = { accountId, instanceId: id };
  const by = { runnerId: 'runner-1', at: api.clock.now };
  const beat = await api.deps.runners.beat(by.runnerId, by.at);
  if (beat.kind !== 'beaten') await api.deps.runners.register(by.runnerId, by);
  return await api.deps.instances.report(ref, session, by);
}

export const LINKED_USER = { id: '2349040613521:8@s.whatsapp.net', name: 'Waap Test' };

/** An instance that a phone is linked to. */
export async function aLinkedInstance(api: ApiUnderTest, account: Account): Promise<OwnedInstance> {
  const instance = await anInstance(api, account);
  await call(api, 'POST /whatsapp/init', { json: instance.credentials });
  await report(api, instance, { status: 'CONNECTED', user: LINKED_USER, qr: null });
  return instance;
}

/** The record as the runner reads it. */
export async function recordOf(
  api: ApiUnderTest,
  { id, accountId }: OwnedInstance,
): Promise<Instance | undefined> {
  return await api.deps.instances.get({ accountId, instanceId: id });
}
