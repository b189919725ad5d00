/**
 * What examples name instead of a value that only a living system has. The document shows the samples, Postman makes
 * variables of the names, and the test of the examples puts in what it has made.
 */
export const PLACEHOLDERS = {
  token:
    'wbk_61bbdbe3087d744b748535ff_64a2c3a1b5f0e8d7c6b5a493_Zk3uV0yRk2mC1xQeW8sT5oLhJ7nB4aGdPfYiUcXvMzE',
  session_id: '2ad8-07c9-447b-994d-eb8b-51f0-c3a2-9d4e',
  access_token: '0184-28a5-439a-a1cd-fc6f-7b13-e2d9-4c80',
  instance_id: '61c08cdf2ff357329471bbb1',
  email: 'owner@example.com',
  new_email: 'somebody@example.com',
  password: 'correct horse battery staple',
  refresh_token:
    'wbr_61bbdbe3087d744b748535ff_64a2c3a1b5f0e8d7c6b5a494_p4QmX9rTzB2cL7wYdS1vK6hN3jG8fUeAoRiMtPqWsCy',
  login_token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI2MWJiZGJlMzA4N2Q3NDRiNzQ4NTM1ZmYifQ.c2lnbmF0dXJl',
  key_id: '64a2c3a1b5f0e8d7c6b5a493',
  message_id: '01KAX3V0M8Q4W5T6Y7Z8A9B0CD',
  whatsapp_id: '3EB015715C3A6439227FA1',
  send_at: '2026-11-22T18:00:00.000Z',
  received_id: '3EB0C767D71C2A2F8A04D2',
  media_id: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
  attachment_id: '64ac311eee05a1a2c27fbdb5',
  contact_id: '64a00ec7c5e487d95dcb0d5e',
  webhook_id: '6926f0c0000f1a2b3c4d5e6f',
  delivery_id: '01KAX3V0M8Q4W5T6Y7Z8A9B0CE',
  keyword_id: '64b1f0c2a7d3e95518c4f2a6',
} as const satisfies Readonly<Record<string, string>>;

export type Placeholder = keyof typeof PLACEHOLDERS;

/** What stands in place of a placeholder. */
export type Fill = (name: Placeholder) => string;

/** For people who read. */
export const fillSample: Fill = (name) => PLACEHOLDERS[name];

/** For Postman, whose variables have the same names. */
export const fillVariable: Fill = (name) => `{{${name}}}`;

/** The value with its placeholders filled in, in every text that it holds. */
export function filled<T>(value: T, fill: Fill): T;
export function filled(value: unknown, fill: Fill): unknown {
  if (typeof value === 'string') {
    return value.replace(/\{([a-z_]+)\}/g, (text, name: string) =>
      isPlaceholder(name) ? fill(name) : text,
    );
  }
  if (Array.isArray(value)) return value.map((each) => filled(each, fill));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, filled(field, fill)]),
  );
}

/** The placeholders that a value names. */
export function placeholdersOf(value: unknown): Placeholder[] {
  const found = JSON.stringify(value ?? null).matchAll(/\{([a-z_]+)\}/g);
  return [...found].map(([, name = '']) => name).filter(isPlaceholder);
}

function isPlaceholder(name: string): name is Placeholder {
  return Object.hasOwn(PLACEHOLDERS, name);
}
