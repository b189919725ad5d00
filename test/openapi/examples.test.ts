import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedRoutes } from '../../openapi/documented-operations.ts';
import { type ApiUnderTest, startApi } from '../functions/api-under-test.ts';
import { emptyLists } from './empty-lists.ts';
import { playExample } from './play-example.ts';
import { Stage } from './stage.ts';

const EXAMPLES = documentedRoutes().flatMap((route) =>
  Object.keys(route.doc.examples).map((name) => ({ id: route.operationId, name, route })),
);

describe('every example of the document', () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi({ hurry: 10, streams: { commentEveryMs: 15_000, streamsMax: 1 } });
  });
  afterAll(async () => await api.close());

  it.each(documentedRoutes())('is there: of $operationId', ({ doc }) => {
    expect(Object.keys(doc.examples)).not.toEqual([]);
    expect(Object.keys(doc.answers)).not.toEqual([]);
  });

  it.each(EXAMPLES)('is answered as documented: $id, $name', async ({ name, route }) => {
    const { answer, status, expected } = await playExample(route, name, new Stage(api));

    expect(answer.status, answer.text).toBe(status);
    const contentType = String(answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    const content = expected.contents[contentType];
    if (Object.keys(expected.contents).length === 0) expect(answer.text).toBe('');
    else expect(content, contentType).toBeDefined();
    const read = contentType === 'application/json' ? answer.json : answer.text;
    expect(content?.schema.safeParse(read).error).toBeUndefined();
    // A list without anything in it would fit whatever is said of what it holds.
    expect(emptyLists(content?.example, answer.json)).toEqual([]);
    for (const header of Object.keys(expected.headers ?? {})) {
      expect(answer.headers, header).toHaveProperty(header);
    }
  });
});
