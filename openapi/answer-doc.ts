import * as z from 'zod';
import type { AnswerDoc } from './operation-doc.ts';

type Headers = Readonly<Record<string, string>>;

type Data<S extends z.ZodType> = {
  /** The envelope's `message`. */
  readonly message: string;
  /** Of `data`, as it is answered: strict, so that the tests see what the document does not say. */
  readonly data: S;
  readonly example: z.input<S>;
  readonly headers?: Headers;
};

/** The envelope of every answer that carries data. */
export function answersData<S extends z.ZodType>(
  description: string,
  { message, data, example, headers }: Data<S>,
): AnswerDoc {
  const schema = z.strictObject({
    status: z.literal(true),
    message: z.string(),
    data,
  });
  return {
    description,
    ...(headers && { headers }),
    contents: {
      'application/json': { schema, example: { status: true, message, data: example } },
    },
  };
}

/** 204, or 302. */
export function answersNothing(description: string, headers?: Headers): AnswerDoc {
  return { description, ...(headers && { headers }), contents: {} };
}
