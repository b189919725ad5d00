import * as z from 'zod';
import { routes } from '../routes.ts';

const groups = [...new Set(routes.map(({ group }) => group))];

const InvokeEnv = z.object({
  /** The names of the Lambdas by their groups, as JSON. */
  GROUP_FUNCTIONS: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.partialRecord(z.enum(groups), z.string().min(1))),
  // Lambda gives these to every function; the addresses are there on an emulator alone.
  AWS_REGION: z.string().min(1),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_ENDPOINT_URL: z.url().optional(),
  AWS_ENDPOINT_URL_LAMBDA: z.url().optional(),
});

/** Read at each call: Lambda renews the credentials. Throws when the infrastructure has not named the Lambdas. */
export function readInvokeEnv() {
  const env = InvokeEnv.parse(process.env);
  const { AWS_REGION: region, AWS_SESSION_TOKEN: sessionToken } = env;
  return {
    functions: env.GROUP_FUNCTIONS,
    endpoint:
      env.AWS_ENDPOINT_URL_LAMBDA ??
      env.AWS_ENDPOINT_URL ??
      `https://lambda.${region}.amazonaws.com`,
    credentials: {
      region,
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      ...(sessionToken !== undefined && { sessionToken }),
    },
  };
}
