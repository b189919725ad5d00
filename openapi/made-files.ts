import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { makeDocument } from './make-document.ts';
import { makePostman } from './make-postman.ts';

const ROOT = new URL('../', import.meta.url);
const Package = z.object({ version: z.string() });

/** What is made of the route table, the schemas and the words here, and where it is kept. */
export async function madeFiles(): Promise<readonly { path: URL; content: string }[]> {
  const { version } = Package.parse(
    JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')),
  );
  return [
    { path: new URL('docs/openapi.json', ROOT), content: toText(makeDocument(version)) },
    { path: new URL('docs/postman.json', ROOT), content: toText(makePostman(version)) },
  ];
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
