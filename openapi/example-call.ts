import type { Auth } from '#functions/routes.ts';
import type { RequestExample } from './operation-doc.ts';

/** A route as far as an example needs it. */
export type ExampleRoute = { readonly method: string; readonly path: string; readonly auth: Auth };

/** An example with its credentials in their places, ready to be filled and sent. */
export type ExampleCall = {
  readonly method: string;
  /** The parameters are in their places. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly multipart?: NonNullable<RequestExample['multipart']>;
};

const BY_ACCOUNT = { authorization: 'Bearer {token}' };
const BY_INSTANCE = { session_id: '{session_id}', access_token: '{access_token}' };

const CALLERS = {
  none: 'nobody',
  account: 'account',
  instance: 'instance',
  either: 'account',
} as const satisfies Record<Auth, NonNullable<RequestExample['as']>>;

/** The instance's credentials go where the customer's page has them: into the body where there is one. */
export function toCall(route: ExampleRoute, example: RequestExample): ExampleCall {
  const caller = example.as ?? CALLERS[route.auth];
  const { body, multipart, params = {}, query = {}, headers = {} } = example;
  const byInstance = caller === 'instance' ? BY_INSTANCE : {};
  const hasBody = body !== undefined || multipart !== undefined;
  return {
    method: route.method,
    path: route.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? ''),
    query: { ...(!hasBody && byInstance), ...query },
    headers: { ...(caller === 'account' && BY_ACCOUNT), ...headers },
    ...(body && { body: { ...byInstance, ...body } }),
    ...(multipart && { multipart: { ...byInstance, ...multipart } }),
  };
}
