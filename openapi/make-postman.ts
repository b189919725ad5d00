import { type DocumentedRoute, documentedRoutes, GROUPS } from './documented-operations.ts';
import { type ExampleCall, toCall } from './example-call.ts';
import type { OperationDoc } from './operation-doc.ts';
import { type Fill, filled, fillVariable } from './placeholders.ts';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const BASE_URL = 'http://127.0.0.1:3000';

/** What every collection begins with; the other variables are the ids that examples name. */
const VARIABLES_FIRST = ['token', 'session_id', 'access_token'];

/** A Postman collection (v2.1) of every example: a folder for each group, and a variable for each placeholder. */
export function makePostman(version: string) {
  const routes = documentedRoutes();
  const names = new Set(VARIABLES_FIRST);
  const fill: Fill = (name) => {
    names.add(name);
    return fillVariable(name);
  };
  const folders = Object.entries(GROUPS).map(([group, { about }]) => ({
    name: about,
    item: routes
      .filter((route) => route.group === group)
      .flatMap((route) =>
        Object.values(route.doc.examples).map((example) => toItem(route, example, fill)),
      ),
  }));
  return {
    info: { name: 'WhatsApp Bots', version, schema: SCHEMA },
    item: folders,
    variable: [
      { key: 'baseUrl', value: BASE_URL },
      ...[...names].map((key) => ({ key, value: '' })),
    ],
  };
}

function toItem(route: DocumentedRoute, example: OperationDoc['examples'][string], fill: Fill) {
  const { summary, description } = route.doc;
  const call = filled(toCall(route, example), fill);
  return {
    name: example.summary ? `${summary}: ${example.summary}` : summary,
    request: {
      method: call.method,
      ...(description && { description }),
      header: headersOf(call),
      url: urlOf(call),
      ...bodyOf(call),
    },
  };
}

function headersOf({ headers, body }: ExampleCall) {
  const all = { ...(body && { 'content-type': 'application/json' }), ...headers };
  return Object.entries(all).map(([key, value]) => ({ key, value }));
}

function urlOf({ path, query }: ExampleCall) {
  const fields = Object.entries(query).map(([key, value]) => ({ key, value }));
  const search = fields.map(({ key, value }) => `${key}=${value}`).join('&');
  return {
    raw: `{{baseUrl}}${path}${search && `?${search}`}`,
    host: ['{{baseUrl}}'],
    path: path.split('/').slice(1),
    ...(fields.length > 0 && { query: fields }),
  };
}

function bodyOf({ body, multipart }: ExampleCall) {
  if (body) {
    const options = { raw: { language: 'json' } };
    return { body: { mode: 'raw', raw: JSON.stringify(body, null, 2), options } };
  }
  if (!multipart) return {};
  const formdata = Object.entries(multipart).map(([key, value]) =>
    typeof value === 'string'
      ? { key, type: 'text', value }
      : { key, type: 'file', src: value.fileName },
  );
  return { body: { mode: 'formdata', formdata } };
}
