import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import { type DocumentedRoute, documentedRoutes, GROUPS } from './documented-operations.ts';
import { SCHEMA_OPTIONS } from './input-types.ts';
import { fillSample } from './placeholders.ts';
import { parametersOf, requestBodyOf } from './request-parts.ts';
import { responsesOf } from './response-parts.ts';
import { SECURITY, SECURITY_SCHEMES } from './security.ts';

/** Where `npm start` serves it; an API that is asked puts its own address here. */
const SERVER = 'http://127.0.0.1:3000';

const DESCRIPTION = `An HTTPS API with which businesses run WhatsApp bots: link a number by scanning a code, send, and get every event by webhook.

**Bodies** come as JSON, also as JSON that calls itself a form (curl's \`--data\`), as a form (\`application/x-www-form-urlencoded\`) or as \`multipart/form-data\`, at any method. In forms, texts are read as the type that a field has.

**Answers** are \`{status: true, message, data}\`, or 204 without a body; **refusals** are \`{status: false, message, error: {code, details?}}\`. The header \`x-request-id\` names the call in the logs.

**Who may call**: \`Authorization: Bearer\` with an access token or an API key of the owning account, or an instance's own \`session_id\` and \`access_token\`, in the query, the body, or the headers \`x-session-id\` and \`x-instance-token\`. What is another account's is answered 404.`;

/** The OpenAPI document of the whole API, from the route table and the very schemas that check its input. */
export function makeDocument(version: string) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of documentedRoutes()) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: toOperation(route) };
  }
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'WhatsApp Bots',
        version,
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: SERVER }],
      tags: Object.entries(GROUPS).map(([name, { about }]) => ({ name, description: about })),
      paths,
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    SCHEMA_OPTIONS,
  );
}

function toOperation(route: DocumentedRoute): ZodOpenApiOperationObject {
  const { auth, group, operationId, isDeprecated, doc } = route;
  const parameters = parametersOf(route, fillSample);
  const requestBody = requestBodyOf(route, fillSample);
  return {
    operationId,
    tags: [group],
    summary: doc.summary,
    ...(doc.description && { description: doc.description }),
    ...(isDeprecated && { deprecated: true }),
    security: SECURITY[auth].map((requirement) => ({ ...requirement })),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: responsesOf(route),
  };
}
