import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import type { Deps } from '../deps.ts';
import type { Auth } from '../routes.ts';
import { type Authentication, authenticate } from './authenticate.ts';
import { type AccessOf, authorizerOf } from './authorize.ts';
import type { CallNotes } from './call-notes.ts';
import { type ApiRequest, readRequest } from './read-request.ts';
import type { Reply } from './reply.ts';
import { validate } from './validate.ts';

/** One operation of the API, ready to be called. `auth` must be that of its route. */
export type Operation<A extends Auth = Auth> = {
  readonly auth: A;
  /** What the input is checked by, where it is; the document of the API is made from the same. */
  readonly body?: z.ZodType;
  readonly query?: z.ZodType;
  handle(event: APIGatewayProxyEventV2, deps: Deps, notes: CallNotes): Promise<Reply>;
};

type RouteInput<A extends Auth, B extends z.ZodType, Q extends z.ZodType> = AccessOf[A] & {
  readonly request: ApiRequest;
  readonly body: z.output<B>;
  readonly query: z.output<Q>;
  readonly notes: CallNotes;
};

type RouteDefinition<A extends Auth, B extends z.ZodType, Q extends z.ZodType> = {
  readonly auth: A;
  readonly body?: B;
  readonly query?: Q;
  run(input: RouteInput<A, B, Q>, deps: Deps): Promise<Reply>;
};

/** The caller is checked before the input: who may not call learns nothing of what would be right. */
export function defineRoute<
  A extends Auth,
  B extends z.ZodType = z.ZodUnknown,
  Q extends z.ZodType = z.ZodUnknown,
>(definition: RouteDefinition<A, B, Q>): Operation<A> {
  const { auth } = definition;
  // Without a schema the type parameter is its default, `ZodUnknown`, which the compiler cannot conclude.
  const body = definition.body ?? (z.unknown() as z.ZodType as B);
  const query = definition.query ?? (z.unknown() as z.ZodType as Q);
  const authorize = authorizerOf(auth);
  return {
    auth,
    ...(definition.body && { body: definition.body }),
    ...(definition.query && { query: definition.query }),
    async handle(event, deps, notes) {
      const request = await readRequest(event);
      const authentication = await authenticateFor(auth, request, deps);
      if (authentication.kind === 'account') {
        notes.accountId = authentication.principal.accountId;
        notes.renewedToken = authentication.renewedToken;
      }
      const access = await authorize({ request, authentication, notes }, deps);
      const { kind, fields } = request.body;
      const input = {
        ...access,
        request,
        body: validate(body, { value: fields, isForm: kind === 'form' }),
        query: validate(query, { value: request.query }),
        notes,
      };
      return await definition.run(input, deps);
    },
  };
}

/** Where nobody asks who calls, nothing is read to find it out. */
async function authenticateFor(
  auth: Auth,
  { headers }: ApiRequest,
  deps: Deps,
): Promise<Authentication> {
  return auth === 'none' ? { kind: 'none' } : await authenticate(headers, deps);
}
