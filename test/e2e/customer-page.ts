import { readFile } from 'node:fs/promises';

const PAGE = new URL('../../docs/customer-page.md', import.meta.url);

/** One call of the customer's page, and what the page shows as its answer. */
export type PageExample = {
  /** As its heading has it: `POST Init Instance`. */
  readonly title: string;
  /** The shell command, as it stands. */
  readonly curl: string;
  readonly status: number;
  /** `undefined` when the page shows none. */
  readonly body: unknown;
};

/** Every example of the page, in its order. Throws when one is not as the others. */
export async function readCustomerPage(): Promise<PageExample[]> {
  const page = await readFile(PAGE, 'utf8');
  const sections = page.split(/^### /m).slice(1);
  return sections.map(toExample);
}

function toExample(section: string): PageExample {
  const title = firstOf(section, /^`?([^`\n]+)/);
  const curl = firstOf(section, /#### Example Request\s+```shell\n([\s\S]*?)\n```/);
  const status = Number(firstOf(section, /#### Example Response\s+- Status: (\d{3})/));
  const json = /#### Example Response[\s\S]*?```json\n([\s\S]*?)\n\s*```/.exec(section)?.[1];
  return { title, curl, status, body: json === undefined ? undefined : JSON.parse(json) };
}

function firstOf(section: string, pattern: RegExp): string {
  const found = pattern.exec(section)?.[1];
  if (found === undefined) throw new Error(`The page has no ${pattern} in: ${section}`);
  return found;
}

/**
 * Where an answer is not of the shape that the page shows: each of its fields is there with the same type of JSON, and
 * `status` and `message` of the answer itself are equal. There may be more fields; `{}` is anything.
 */
export function shapeFaults(shown: unknown, actual: unknown, path = ''): string[] {
  if (typeOf(shown) !== typeOf(actual)) {
    return [`${path || 'the body'} is ${typeOf(actual)}, not ${typeOf(shown)}`];
  }
  if (Array.isArray(shown) && Array.isArray(actual)) return elementFaults(shown, actual, path);
  if (isRecord(shown) && isRecord(actual)) {
    return Object.entries(shown).flatMap(([name, value]) =>
      shapeFaults(value, actual[name], path ? `${path}.${name}` : name),
    );
  }
  const isLiteral = path === 'status' || path === 'message';
  return isLiteral && shown !== actual ? [`${path} is ${actual}, not ${shown}`] : [];
}

/** Each shown element has one that is like it. */
function elementFaults(shown: unknown[], actual: unknown[], path: string): string[] {
  return shown.flatMap((element, index) => {
    const faults = actual.map((other) => shapeFaults(element, other, `${path}[${index}]`));
    if (faults.some(({ length }) => length === 0)) return [];
    return faults[0] ?? [`${path}[${index}] is not there`];
  });
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeOf(value) === 'object';
}
