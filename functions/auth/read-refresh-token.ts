import * as z from 'zod';
import type { ApiRequest } from '../http/read-request.ts';

/** Where the refresh token may be in a body; empty counts as absent. */
export const RefreshBody = z.object({ refresh_token: z.string().optional() });

/** The refresh token of the body, or of the `x-refresh` header. */
export function readRefreshToken(
  body: z.infer<typeof RefreshBody>,
  { headers }: ApiRequest,
): string | undefined {
  const candidates = [body.refresh_token, headers['x-refresh']];
  return candidates.map((token) => token?.trim()).find((token) => token);
}
