import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** The path as routes know it: a stage with a name stands in front of it. */
export function routePathOf({ rawPath, requestContext }: APIGatewayProxyEventV2): string {
  const prefix = `/${requestContext.stage}/`;
  return rawPath.startsWith(prefix) ? rawPath.slice(prefix.length - 1) : rawPath;
}
