import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apiUrl, queryOrBody } from './call-api.ts';

const none = new URLSearchParams();

test.each([
  ['/posts', 'http://a.example/v1/posts'],
  ['posts', 'http://a.example/v1/posts'],
  ['/v1/posts', 'http://a.example/v1/posts'],
  ['v1/posts?limit=1', 'http://a.example/v1/posts?limit=1'],
  ['/v1', 'http://a.example/v1/'],
])('%s is %s', (path, expected) => {
  expect(apiUrl('http://a.example/', path, none).href).toBe(expected);
});

test('fields are added to the query of the path', () => {
  const query = new URLSearchParams([['q', 'a b&c']]);
  expect(apiUrl('http://a.example/base', '/search?x=1', query).href).toBe(
    'http://a.example/base/v1/search?x=1&q=a+b%26c',
  );
});

test('no path reaches another server or leaves the API', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl(),
        fc.string(),
        fc.constantFrom(
          '//evil.example/x',
          '/../../x',
          '@evil.example',
          '\\\\evil.example',
          '/v1/../../livez',
        ),
      ),
      (path) => {
        try {
          const { href } = apiUrl('http://a.example/base', path, none);
          expect(href.startsWith('http://a.example/base/v1/')).toBe(true);
        } catch (error) {
          expect(['UsageError', 'TypeError']).toContain((error as Error).name);
        }
      },
    ),
  );
});

test('fields are parameters of a GET, and members of a body', () => {
  expect(queryOrBody('GET', ['limit=5', 'q=a=b'], undefined).query.toString()).toBe('limit=5&q=a%3Db');
  expect(queryOrBody('POST', ['text=Hello'], undefined)).toMatchObject({ body: '{"text":"Hello"}' });
  expect(queryOrBody('PUT', [], undefined).body).toBeUndefined();
  expect(queryOrBody('PATCH', [], '{"bio":""}').body).toBe('{"bio":""}');
  expect(() => queryOrBody('GET', ['nothing'], undefined)).toThrow('name=value');
  expect(() => queryOrBody('POST', [], '{')).toThrow('not JSON');
});
