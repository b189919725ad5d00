import type * as z from 'zod';
import type { Group, RouteOf } from '#functions/routes.ts';
import type { ErrorCode } from '#shared/domain/error.ts';

/** Every group but the one that refuses what is no route. */
export type DocumentedGroup = Exclude<Group, 'fallback'>;

/** What a group's file says: something of each of its operations, or it does not compile. */
export type GroupDocs<G extends DocumentedGroup> = {
  readonly [R in RouteOf<G> as R['operation']]: OperationDoc;
};

/** What the document says of an operation beyond its route and the schemas that check its input. */
export type OperationDoc = {
  /** A few words, as the title of the operation. */
  readonly summary: string;
  readonly description?: string;
  /** What `{id}` and the like in the path are. */
  readonly params?: Readonly<Record<string, FieldDoc>>;
  /** Fields of the body or the query by their paths, `config.webhookUrl`. One that is not there is an error. */
  readonly fields?: Readonly<Record<string, FieldDoc>>;
  /** What it reads besides its schemas and the credentials. */
  readonly alsoReads?: {
    /** Where it checks the body by itself, after other things. */
    readonly body?: z.ZodType;
    readonly query?: Readonly<Record<string, FieldDoc>>;
    readonly headers?: Readonly<Record<string, FieldDoc>>;
  };
  /** What it is answered by when all is well; `answer-doc.ts` makes them. */
  readonly answers: Readonly<Record<number, AnswerDoc>>;
  /** Beyond those of every call, of the credentials and of the input: `common-errors.ts`. */
  readonly errors?: readonly ErrorCode[];
  /** At least one. Every one is executed by a test. */
  readonly examples: Readonly<Record<string, RequestExample>>;
};

/** Words, or words and what JSON Schema has to say in place of the schema that was derived. */
export type FieldDoc =
  | string
  | { readonly description: string; readonly schema: Readonly<Record<string, unknown>> };

export type AnswerDoc = {
  readonly description: string;
  /** Lower case names, with what they tell. */
  readonly headers?: Readonly<Record<string, string>>;
  /** By media type; none for an answer without a body. */
  readonly contents: Readonly<Record<string, ContentDoc>>;
};

type ContentDoc = { readonly schema: z.ZodType; readonly example?: unknown };

/** A call that can be made. Texts may hold placeholders like `{session_id}`: `placeholders.ts`. */
export type RequestExample = {
  /** When there are several: what this one shows. */
  readonly summary?: string;
  /** Whose credentials go along. By default the account's where its token is enough, and else the instance's. */
  readonly as?: 'nobody' | 'account' | 'instance';
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. The instance's credentials are put into it. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** A form with files, in place of JSON. */
  readonly multipart?: Readonly<Record<string, string | ExampleFile>>;
  /** Of the documented answers, the one that comes; the first when nothing is said. */
  readonly status?: number;
};

type ExampleFile = {
  readonly fileName: string;
  readonly contentType: string;
  /** In base64. */
  readonly content: string;
};
