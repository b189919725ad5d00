const CALL_TIMEOUT_MS = 35_000;

export type Reply = { readonly status: number; readonly body: unknown };

/** Calls an API with JSON bodies; with a Bearer token when it has one. */
export class ApiClient {
  readonly url: string;
  readonly #token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.#token = token;
  }

  /** `body` is `undefined` for an empty answer, and text when it is no JSON. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    if (text === '') return { status: response.status, body: undefined };
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  }
}
