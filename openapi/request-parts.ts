import type * as z from 'zod';
import {
  createSchema,
  type ZodOpenApiMediaTypeObject,
  type ZodOpenApiRequestBodyObject,
} from 'zod-openapi';
import { asSchema, describeFields, type JsonSchema, propertiesOf } from './describe-fields.ts';
import type { DocumentedRoute } from './documented-operations.ts';
import { type ExampleCall, toCall } from './example-call.ts';
import { SCHEMA_OPTIONS } from './input-types.ts';
import type { FieldDoc } from './operation-doc.ts';
import { type Fill, filled } from './placeholders.ts';

type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description?: string;
  readonly required?: true;
  readonly schema: JsonSchema;
  readonly example?: string;
};

const TEXT = { type: 'string' };

/** Beside what the schema reads, a body may carry the instance's credentials. */
const BODY_CREDENTIALS = {
  session_id: {
    ...TEXT,
    description: 'Names the instance, where neither the query nor a header does.',
  },
  access_token: {
    ...TEXT,
    description: "The instance's own token, where the call has no other credentials.",
  },
};
const SESSION_ID_PARAMETER = "Names the instance, for a call with the account's token.";

/** All that is read of the path, the query and the headers, but for credentials. */
export function parametersOf(route: DocumentedRoute, fill: Fill): Parameter[] {
  const { auth, path, schemas, doc } = route;
  const ofPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  // `{id}` is the instance itself.
  const needsName = auth === 'instance' && !ofPath.includes('id') && !schemas.body;
  const query = {
    ...(needsName && { session_id: SESSION_ID_PARAMETER }),
    ...doc.alsoReads?.query,
  };
  return [
    ...ofPath.map((name) => ({
      ...toParameter('path', name, doc.params?.[name] ?? ''),
      required: true as const,
      ...exampleOf(route, fill, (example) => example.params?.[name]),
    })),
    ...querySchemaParameters(route).map((parameter) => ({
      ...parameter,
      ...exampleOf(route, fill, (example) => example.query?.[parameter.name]),
    })),
    ...Object.entries(query).map(([name, field]) => toParameter('query', name, field)),
    ...Object.entries(doc.alsoReads?.headers ?? {}).map(([name, field]) =>
      toParameter('header', name, field),
    ),
  ];
}

function querySchemaParameters({ schemas, doc }: DocumentedRoute): Parameter[] {
  if (!schemas.query) return [];
  const schema = describeFields(toInputSchema(schemas.query), schemas.body ? {} : doc.fields);
  return Object.entries(propertiesOf(schema) ?? {}).map(([name, property]) => {
    const { description, ...rest } = asSchema(property) ?? {};
    return toParameter('query', name, { description: String(description ?? ''), schema: rest });
  });
}

function toParameter(place: Parameter['in'], name: string, field: FieldDoc): Parameter {
  const { description, schema } =
    typeof field === 'string' ? { description: field, schema: TEXT } : field;
  return { name, in: place, ...(description && { description }), schema: { ...schema } };
}

/** The value that the first example has there, if one has. */
function exampleOf(
  { doc }: DocumentedRoute,
  fill: Fill,
  read: (example: DocumentedRoute['doc']['examples'][string]) => string | undefined,
): { example?: string } {
  const value = Object.values(doc.examples)
    .map(read)
    .find((found) => found !== undefined);
  return value === undefined ? {} : { example: filled(value, fill) };
}

/** The body, when the operation reads one. It may be left out when an empty one would do. */
export function requestBodyOf(
  route: DocumentedRoute,
  fill: Fill,
): ZodOpenApiRequestBodyObject | undefined {
  const { schemas, auth, doc } = route;
  if (!schemas.body) return undefined;
  const schema = describeFields(
    withCredentials(toInputSchema(schemas.body), auth === 'instance' || auth === 'either'),
    doc.fields,
  );
  const examples = Object.entries(doc.examples).map(([name, example]) => ({
    name,
    summary: example.summary,
    call: withFileNames(filled(toCall(route, example), fill)),
  }));
  const ofKind = (kind: 'body' | 'multipart') =>
    examples.flatMap(({ name, summary, call }) =>
      call[kind] ? [[name, { ...(summary && { summary }), value: call[kind] }] as const] : [],
    );
  const toContent = (kind: 'body' | 'multipart'): ZodOpenApiMediaTypeObject | undefined => {
    const found = ofKind(kind);
    return found.length === 0 ? undefined : { schema, examples: Object.fromEntries(found) };
  };
  const json = toContent('body');
  const multipart = toContent('multipart');
  return {
    required: !schemas.body.safeParse({}).success,
    content: {
      ...(json && { 'application/json': json }),
      ...(multipart && { 'multipart/form-data': multipart }),
    },
  };
}

/** An example cannot hold a file: its name stands for it. */
function withFileNames({ multipart, ...call }: ExampleCall) {
  if (!multipart) return { ...call, multipart };
  const named = Object.entries(multipart).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : value.fileName,
  ]);
  return { ...call, multipart: Object.fromEntries(named) };
}

function withCredentials(schema: JsonSchema, takesThem: boolean): JsonSchema {
  if (!takesThem) return schema;
  return {
    ...schema,
    properties: { ...BODY_CREDENTIALS, ...propertiesOf(schema), ...BODY_CREDENTIALS },
  };
}

/** What a caller may write, as JSON Schema. */
function toInputSchema(schema: z.ZodType): JsonSchema {
  const made = createSchema(schema, { io: 'input', opts: SCHEMA_OPTIONS });
  return asSchema(made.schema) ?? {};
}
