import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type ParsedBody, parseBody } from './parse-body.ts';

/** A call as the operations see it. Header names are lower case; the last of repeated query fields counts. */
export type ApiRequest = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ParsedBody;
  readonly sourceIp: string;
};

/** Throws `malformed_body` and `unsupported_encoding`. */
export async function readRequest(event: APIGatewayProxyEventV2): Promise<ApiRequest> {
  const headers = withoutUndefined(event.headers);
  return {
    params: withoutUndefined(event.pathParameters ?? {}),
    // API Gateway joins repeated fields with commas in `queryStringParameters`; the raw text is unambiguous.
    query: Object.fromEntries(new URLSearchParams(event.rawQueryString)),
    headers,
    body: await parseBody({
      body: event.body,
      isBase64Encoded: event.isBase64Encoded,
      contentType: headers['content-type'],
      contentEncoding: headers['content-encoding'],
    }),
    sourceIp: event.requestContext.http.sourceIp,
  };
}

function withoutUndefined(
  values: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) defined[name] = value;
  }
  return defined;
}
