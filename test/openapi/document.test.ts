import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { HTTP_STATUS } from '#functions/http/error-reply.ts';
import { routes } from '#functions/routes.ts';
import { describeFields } from '../../openapi/describe-fields.ts';
import { documentedRoutes } from '../../openapi/documented-operations.ts';
import { INPUT_TYPES } from '../../openapi/input-types.ts';
import { madeFiles } from '../../openapi/made-files.ts';
import { makeDocument } from '../../openapi/make-document.ts';
import { makePostman } from '../../openapi/make-postman.ts';

const document = makeDocument('1.2.3');
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    key: `${method.toUpperCase()} ${path}`,
    operation: z.looseObject({ operationId: z.string() }).parse(operation),
  })),
);

const RequestBody = z.object({
  content: z.record(
    z.string(),
    z.object({
      schema: z.record(z.string(), z.unknown()),
      examples: z.record(z.string(), z.object({ value: z.unknown() })),
    }),
  ),
});

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    // The validator takes the object apart.
    const result = await new Validator().validate({ ...structuredClone(document) });
    expect(result).toMatchObject({ valid: true });
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('has every route of the route table, each by a name of its own', () => {
    const wanted = routes.filter(({ path }) => path !== '$default');
    expect(operations.map(({ key }) => key).sort()).toEqual(
      wanted.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('says what is deprecated', () => {
    const deprecated = operations.filter(({ operation }) => operation['deprecated'] === true);
    expect(deprecated.map(({ key }) => key)).toEqual([
      'POST /whatsapp/sendText',
      'POST /whatsapp/message/sendText',
    ]);
  });

  it('has all the codes of refusals in one place', () => {
    const envelope = z
      .looseObject({
        properties: z.object({
          error: z.object({
            properties: z.object({ code: z.object({ enum: z.array(z.string()) }) }),
          }),
        }),
      })
      .parse(document.components?.schemas?.['Error']);
    expect(envelope.properties.error.properties.code.enum.sort()).toEqual(
      Object.keys(HTTP_STATUS).sort(),
    );
  });

  it('asks for credentials wherever the route does', () => {
    for (const { operationId, auth } of documentedRoutes()) {
      const found = operations.find(({ operation }) => operation.operationId === operationId);
      const security = z
        .array(z.record(z.string(), z.unknown()))
        .parse(found?.operation['security']);
      expect(security.length > 0, operationId).toBe(auth !== 'none');
      expect(
        security.some((one) => 'bearer' in one),
        operationId,
      ).toBe(auth !== 'none');
      expect(
        security.some((one) => 'accessToken' in one),
        operationId,
      ).toBe(auth === 'instance' || auth === 'either');
    }
  });

  it.each(operations)(
    'has examples of bodies that fit what it says of them: $key',
    ({ operation }) => {
      const { content } = RequestBody.parse(operation['requestBody'] ?? { content: {} });
      for (const { schema, examples } of Object.values(content)) {
        for (const { value } of Object.values(examples)) {
          expect(z.fromJSONSchema(schema).safeParse(value).error).toBeUndefined();
        }
      }
    },
  );

  it.each(documentedRoutes())('has examples of answers that fit: $operationId', ({ doc }) => {
    for (const { contents } of Object.values(doc.answers)) {
      for (const { schema, example } of Object.values(contents)) {
        if (example !== undefined) expect(schema.safeParse(example).error).toBeUndefined();
      }
    }
  });

  it('does not describe a field that is not there', () => {
    const schema = { type: 'object', properties: { config: { type: 'object' } } };
    expect(() => describeFields(schema, { 'config.url': 'Where.' })).toThrow('config.url');
    expect(describeFields(schema, { config: 'How.' })).toEqual({
      type: 'object',
      properties: { config: { type: 'object', description: 'How.' } },
    });
  });

  it('gives examples of what callers may write that are taken', () => {
    for (const [schema, described] of INPUT_TYPES) {
      const examples = z.array(z.unknown()).min(1).parse(described['examples']);
      for (const example of examples) expect(schema.safeParse(example).error).toBeUndefined();
    }
  });
});

describe('the Postman collection', () => {
  const collection = makePostman('1.2.3');
  const items = collection.item.flatMap(({ item }) => item);

  it('has every example, in a folder for each group', () => {
    const examples = documentedRoutes().flatMap(({ doc }) => Object.keys(doc.examples));
    expect(items).toHaveLength(examples.length);
    expect(collection.item).toHaveLength(new Set(documentedRoutes().map((r) => r.group)).size);
  });

  it('names no variable that it does not have', () => {
    const known = collection.variable.map(({ key }) => key);
    const used = JSON.stringify(items).matchAll(/\{\{(\w+)\}\}/g);
    expect(known).toEqual(expect.arrayContaining([...used].map(([, name]) => name)));
    expect(known.slice(0, 4)).toEqual(['baseUrl', 'token', 'session_id', 'access_token']);
  });

  it('leaves no parameter of a path open', () => {
    const paths = items.map(({ request }) => request.url.raw);
    expect(paths.filter((path) => /[^{]\{\w+\}[^}]|\/\/|\/$/.test(path))).toEqual([]);
  });
});

it('makes the same files each time', async () => {
  expect(await madeFiles()).toEqual(await madeFiles());
});
