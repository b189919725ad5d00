import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routeMatcher } from '#functions/http/match-route.ts';
import { routeKeyOf, routes } from '#functions/routes.ts';

const match = routeMatcher(routes);

function keyOf(method: string, path: string): string {
  return routeKeyOf(match(method, path).route);
}

describe('routeMatcher', () => {
  it.each(routes.filter(({ path }) => path !== '$default'))(
    'finds $method $path, with a slash at its end too',
    (route) => {
      const path = route.path.replace('{id}', 'some-id');

      expect(keyOf(route.method, path)).toBe(routeKeyOf(route));
      expect(keyOf(route.method, `${path}/`)).toBe(routeKeyOf(route));
    },
  );

  it('prefers a full match to one with parameters', () => {
    const ordered = [
      { method: 'GET', path: '/a/{id}' },
      { method: 'GET', path: '/a/b' },
      { method: 'GET', path: '$default' },
    ];
    expect(routeMatcher(ordered)('GET', '/a/b').route.path).toBe('/a/b');
    expect(routeMatcher(ordered)('GET', '/a/c')).toMatchObject({ params: { id: 'c' } });
  });

  it('gives any parameter back as it was before it was escaped', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (id) => {
        const { params } = match('DELETE', `/whatsapp/${encodeURIComponent(id)}`);
        expect(params).toEqual({ id });
      }),
    );
  });

  it.each([
    ['GET', '/'],
    ['GET', ''],
    ['PATCH', '/whatsapp'],
    ['HEAD', '/whatsapp'],
    ['DELETE', '/whatsapp/'],
    ['GET', '/whatsapp//'],
    ['GET', '//whatsapp'],
    ['GET', '/WHATSAPP'],
    ['DELETE', '/whatsapp/%E0%A4%A'],
    ['GET', '/$default'],
  ])('has nothing but $default for %s %s', (method, path) => {
    expect(keyOf(method, path)).toBe('$default');
  });

  it('wants a $default', () => {
    expect(() => routeMatcher([{ method: 'GET', path: '/a' }])).toThrow('$default');
  });
});

it('names every route once', () => {
  const names = routes.map(routeKeyOf);

  expect(new Set(names).size).toBe(names.length);
});
