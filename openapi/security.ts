import type { Auth } from '#functions/routes.ts';

/** How a call may prove who makes it. */
export const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      "An access token of `POST /auth/login`, or an API key of `POST /auth/keys` (`wbk_…`). When an access token has expired and the header `x-refresh` has a good refresh token, the call succeeds and the answer's `x-access-token` is a new one.",
  },
  sessionId: {
    type: 'apiKey',
    in: 'query',
    name: 'session_id',
    description: 'Names an instance. It may also stand in the body or form.',
  },
  accessToken: {
    type: 'apiKey',
    in: 'query',
    name: 'access_token',
    description: "The instance's own token. It may also stand in the body or form.",
  },
  sessionIdHeader: { type: 'apiKey', in: 'header', name: 'x-session-id' },
  instanceTokenHeader: { type: 'apiKey', in: 'header', name: 'x-instance-token' },
} as const;

type Requirement = Partial<Record<keyof typeof SECURITY_SCHEMES, string[]>>;

const BY_ACCOUNT: readonly Requirement[] = [{ bearer: [] }];
const BY_INSTANCE: readonly Requirement[] = [
  { sessionId: [], accessToken: [] },
  { sessionIdHeader: [], instanceTokenHeader: [] },
];

/** One of these is enough. */
export const SECURITY: Readonly<Record<Auth, readonly Requirement[]>> = {
  none: [],
  account: BY_ACCOUNT,
  instance: [...BY_INSTANCE, ...BY_ACCOUNT],
  either: [...BY_ACCOUNT, ...BY_INSTANCE],
};
