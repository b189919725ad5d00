import type { documentedRoutes } from '../../openapi/documented-operations.ts';
import { type ExampleCall, toCall } from '../../openapi/example-call.ts';
import type { AnswerDoc } from '../../openapi/operation-doc.ts';
import { filled, type Placeholder, placeholdersOf } from '../../openapi/placeholders.ts';
import { type Answer, type CallOptions, call } from '../functions/callers.ts';
import { SET_UPS } from './set-ups.ts';
import type { Stage } from './stage.ts';

export type PlayedExample = {
  readonly answer: Answer;
  /** What is documented to come. */
  readonly status: number;
  readonly expected: AnswerDoc;
};

type Route = ReturnType<typeof documentedRoutes>[number];

const setUps: ReadonlyMap<string, (typeof SET_UPS)[keyof typeof SET_UPS]> = new Map(
  Object.entries(SET_UPS),
);

/** Makes the call of an example, with what the stage has in place of its placeholders. */
export async function playExample(
  route: Route,
  name: string,
  stage: Stage,
): Promise<PlayedExample> {
  const example = route.doc.examples[name];
  if (!example) throw new Error(`${route.operation} has no example ${name}.`);
  const meanwhile = await setUps.get(route.operation)?.(stage);
  const toFill = toCall(route, example);
  const values = new Map<Placeholder, string>();
  for (const placeholder of placeholdersOf(toFill)) {
    values.set(placeholder, await stage.valueOf(placeholder));
  }
  const made = filled(toFill, (placeholder) => values.get(placeholder) ?? '');
  const [answer] = await Promise.all([send(made, stage), meanwhile?.()]);
  const status = example.status ?? Number(Object.keys(route.doc.answers)[0]);
  const expected = route.doc.answers[status];
  if (!expected) throw new Error(`${route.operation} documents no answer ${status}.`);
  return { answer, status, expected };
}

async function send(made: ExampleCall, { api }: Stage): Promise<Answer> {
  const search = new URLSearchParams(made.query).toString();
  const path = `${made.path}${search && `?${search}`}`;
  return await call(api, `${made.method} ${path}`, await toOptions(made));
}

async function toOptions({ headers, body, multipart }: ExampleCall): Promise<CallOptions> {
  if (body) {
    return {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
  }
  if (!multipart) return { headers };
  const form = new FormData();
  for (const [name, value] of Object.entries(multipart)) {
    if (typeof value === 'string') form.set(name, value);
    else {
      const content = Buffer.from(value.content, 'base64');
      form.set(name, new Blob([content], { type: value.contentType }), value.fileName);
    }
  }
  // Written here, since the client may wait for ever with a form that it has to write itself.
  const written = new Response(form);
  const contentType = written.headers.get('content-type') ?? '';
  return { headers: { 'content-type': contentType, ...headers }, body: await written.bytes() };
}
