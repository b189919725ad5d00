import * as z from 'zod';
import type { ApiUnderTest } from '../api-under-test.ts';
import { type Answer, call, dataOf, type OwnedInstance } from '../callers.ts';

/** A rule, as every answer shows it. */
export const View = z.strictObject({
  _id: z.string().regex(/^[0-9a-f]{24}$/),
  keywords: z.array(z.string()),
  match: z.string(),
  case_sensitive: z.boolean(),
  accent_sensitive: z.boolean(),
  priority: z.int(),
  chats: z.string(),
  enabled: z.boolean(),
  reply: z.looseObject({ type: z.string() }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type View = z.infer<typeof View>;

export const Page = z.strictObject({ keywords: z.array(View), cursor: z.string().nullable() });

export const TEXT = { type: 'text', message: 'It is $5.' } as const;

/** One call by the instance's own token: `GET /<id>`. */
export async function ask(
  { api, instance }: { api: ApiUnderTest; instance: OwnedInstance },
  route: string,
  json?: object,
): Promise<Answer> {
  const [method, path = ''] = route.split(/ (.*)/);
  const [pure = '', query] = path.split('?');
  const asked = `${method} /whatsapp/keywords${pure}${instance.query}${query ? `&${query}` : ''}`;
  return await call(api, asked, json === undefined ? {} : { json });
}

export async function aKeyword(
  by: { api: ApiUnderTest; instance: OwnedInstance },
  fields: object = {},
): Promise<View> {
  return dataOf(await ask(by, 'POST ', { keyword: 'price', reply: TEXT, ...fields }), View);
}
