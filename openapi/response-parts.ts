import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { ERROR_MEANINGS, errorsOf } from './common-errors.ts';
import type { DocumentedRoute } from './documented-operations.ts';
import { ErrorEnvelope } from './error-envelope.ts';
import type { AnswerDoc } from './operation-doc.ts';

const TEXT = { type: 'string' } as const;

/** The answers and the refusals of an operation. */
export function responsesOf({ auth, path, schemas, isDeprecated, doc }: DocumentedRoute) {
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, answer] of Object.entries(doc.answers)) {
    responses[statusKey(status)] = toResponse(answer, isDeprecated);
  }
  const errors = errorsOf({
    auth,
    path,
    hasBody: schemas.body !== undefined,
    hasQuery: schemas.query !== undefined,
    further: doc.errors ?? [],
  });
  for (const [status, codes] of errors) {
    responses[statusKey(String(status))] = {
      description: codes.map((code) => `\`${code}\`: ${ERROR_MEANINGS[code]}.`).join('\n\n'),
      ...(status === 429 && {
        headers: { 'retry-after': { description: 'Seconds.', schema: { type: 'integer' } } },
      }),
      content: { 'application/json': { schema: ErrorEnvelope } },
    };
  }
  return responses;
}

function toResponse({ description, headers = {}, contents }: AnswerDoc, isDeprecated: boolean) {
  const told = { ...headers, ...(isDeprecated && { deprecation: 'Always `true`.' }) };
  const content = Object.entries(contents).map(
    ([mediaType, { schema, example }]) =>
      [mediaType, { schema, ...(example !== undefined && { example }) }] as const,
  );
  return {
    description,
    ...(Object.keys(told).length > 0 && {
      headers: Object.fromEntries(
        Object.entries(told).map(([name, words]) => [name, { description: words, schema: TEXT }]),
      ),
    }),
    ...(content.length > 0 && { content: Object.fromEntries(content) }),
  };
}

function statusKey(status: string): `${1 | 2 | 3 | 4 | 5}${string}` {
  if (!isStatus(status)) throw new Error(`${status} is no status.`);
  return status;
}

function isStatus(text: string): text is `${1 | 2 | 3 | 4 | 5}${string}` {
  return /^[1-5]\d\d$/.test(text);
}
