import { request } from 'undici';
import * as z from 'zod';
import type { ApiUnderTest } from '../api-under-test.ts';
import { type Account, type Answer, call, dataOf, formOf } from '../callers.ts';

export const ROUTE = '/whatsapp/attachments';

/** An attachment, as every answer shows it. */
export const View = z.strictObject({
  _id: z.string().regex(/^[0-9a-f]{24}$/),
  fileName: z.string(),
  mimetype: z.string(),
  size: z.int(),
  sha256: z.string().nullable(),
  state: z.enum(['WAITING', 'READY', 'EXPIRED']),
  createdAt: z.iso.datetime(),
  expiresAt: z.null(),
});
export type View = z.infer<typeof View>;

export const Shown = View.extend({
  url: z.url().nullable(),
  urlExpiresAt: z.iso.datetime().nullable(),
});
export type Shown = z.infer<typeof Shown>;

export const Announced = View.extend({
  upload: z.strictObject({
    method: z.literal('PUT'),
    url: z.url(),
    headers: z.record(z.string(), z.string()),
    expiresAt: z.iso.datetime(),
  }),
});
export type Announced = z.infer<typeof Announced>;

export const Page = z.strictObject({ attachments: z.array(View), cursor: z.string().nullable() });

type FileOptions = {
  readonly name?: string;
  readonly type?: string;
  readonly fields?: Readonly<Record<string, string>>;
};

/** A call with a file in a form, as curl's `-F file=@…` and browsers make it. */
export async function postFile(
  api: Pick<ApiUnderTest, 'url'>,
  { headers = {} }: { readonly headers?: Readonly<Record<string, string>> },
  bytes: string | Uint8Array<ArrayBuffer>,
  { name = 'report.pdf', type = 'application/pdf', fields = {} }: FileOptions = {},
): Promise<Answer> {
  const form = await formOf({ file: new File([bytes], name, { type }), ...fields });
  return await call(api, `POST ${ROUTE}`, { ...form, headers: { ...headers, ...form.headers } });
}

/** An attachment of the account that is ready, with these bytes. */
export async function anAttachment(
  api: ApiUnderTest,
  account: Account,
  bytes = 'the bytes',
): Promise<View> {
  return dataOf(await postFile(api, account, bytes), View);
}

/** The status that a PUT to the URL of an upload gets. */
export async function upload(
  { upload: { method, url, headers } }: Announced,
  body: string | Uint8Array,
): Promise<number> {
  const response = await request(url, { method, headers, body });
  await response.body.dump();
  return response.statusCode;
}
