/** A route as `functions/routes.ts` declares it. */
export type Matchable = { readonly method: string; readonly path: string };

export type RouteMatch<R extends Matchable> = {
  readonly route: R;
  readonly params: Readonly<Record<string, string>>;
};

type Compiled<R> = { readonly route: R; readonly segments: readonly string[] };

/**
 * A matcher with the precedence of API Gateway's HTTP APIs: a full match, then a match with parameters, then
 * `$default`. One slash at the end of a path is tolerated. Throws when there is no `$default` route.
 */
export function routeMatcher<R extends Matchable>(
  routes: readonly R[],
): (method: string, path: string) => RouteMatch<R> {
  const fallback = routes.find(({ path }) => path === '$default');
  if (!fallback) throw new Error('The routes have no $default.');
  const compiled = routes
    .filter((route) => route !== fallback)
    .map((route) => ({ route, segments: route.path.split('/') }))
    .sort((a, b) => countParameters(a.segments) - countParameters(b.segments));

  return (method, path) => {
    const segments = splitPath(path);
    const candidates = compiled.filter(({ route }) => route.method === method);
    return firstMatch(candidates, segments) ?? { route: fallback, params: {} };
  };
}

/** The methods by which a path can be called, each once; none where no route is. */
export function methodsOf(routes: readonly Matchable[], path: string): string[] {
  const segments = splitPath(path);
  const found = routes.filter(
    (route) =>
      segments !== undefined &&
      matchSegments({ route, segments: route.path.split('/') }, segments) !== undefined,
  );
  return [...new Set(found.map(({ method }) => method))];
}

function firstMatch<R extends Matchable>(
  candidates: readonly Compiled<R>[],
  segments: readonly string[] | undefined,
): RouteMatch<R> | undefined {
  if (!segments) return undefined;
  for (const candidate of candidates) {
    const params = matchSegments(candidate, segments);
    if (params) return { route: candidate.route, params };
  }
  return undefined;
}

/** The decoded segments; `undefined` for a path whose escapes are no UTF-8. */
function splitPath(path: string): string[] | undefined {
  const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  try {
    return bare.split('/').map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function matchSegments<R>(
  { segments }: Compiled<R>,
  actual: readonly string[],
): Record<string, string> | undefined {
  if (segments.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = actual[index] ?? '';
    const name = parameterName(segment);
    if (name === undefined && segment !== value) return undefined;
    if (name !== undefined && value === '') return undefined;
    if (name !== undefined) params[name] = value;
  }
  return params;
}

function countParameters(segments: readonly string[]): number {
  return segments.filter((segment) => parameterName(segment) !== undefined).length;
}

function parameterName(segment: string): string | undefined {
  return /^\{(.+)\}$/.exec(segment)?.[1];
}
