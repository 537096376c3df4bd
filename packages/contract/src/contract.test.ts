import { describe, expect, test } from 'vitest';
import { z } from 'zod4';
import { apiPrefix, operationGroups, operationIds } from './contract.ts';
import { errorTable } from './errors.ts';
import { documentedRoutes } from './openapi/route.ts';
import { operation } from './operation.ts';
import { empty, jsonBody, noBody } from './payloads.ts';

const routes = documentedRoutes();

test('groups have unique operation ids, so flattening loses none', () => {
  const ids = Object.values(operationGroups).flatMap((group) => Object.keys(group));
  expect(ids.sort()).toEqual([...operationIds].sort());
  expect(new Set(ids).size).toBe(ids.length);
});

test('no two operations share a name in the SDK', () => {
  const names = routes.map(({ metadata }) => metadata.sdk);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('an operation that leaves out what its clients need does not compile', () => {
  const whole = {
    method: 'PUT',
    path: '/posts',
    summary: 'Publish a post',
    service: 'posts',
    sdk: 'posts.publish',
    cli: 'post',
    body: noBody,
    answer: empty,
  } as const;
  operation(whole);
  const { sdk: _sdk, ...nameless } = whole;
  // @ts-expect-error: no name in the SDK
  operation(nameless);
  const { cli: _cli, ...unexposed } = whole;
  // @ts-expect-error: neither a command nor a reason for none
  operation(unexposed);
  const { body: _body, ...bodiless } = whole;
  // @ts-expect-error: a PUT says what its body is
  operation(bodiless);
  const { answer: _answer, ...unanswered } = whole;
  // @ts-expect-error: no answer
  expect(() => operation(unanswered)).toThrow();
  // @ts-expect-error: a GET has no body
  operation({ ...whole, method: 'GET', body: jsonBody(z.object({})) });
});

describe.each(routes.map((route) => [route.operationId, route] as const))('%s', (_id, route) => {
  const { metadata, method } = route;

  test('has complete metadata that matches its method', () => {
    expect(Object.isFrozen(metadata) && Object.isFrozen(metadata.errors)).toBe(true);
    expect(Object.values(metadata)).not.toContain(undefined);
    expect(metadata.idempotencyKey).toBe(method === 'POST');
    expect(metadata.idempotent).toBe(method !== 'POST');
    expect(Object.keys(route.headers ?? {})).toEqual(method === 'POST' ? ['idempotency-key'] : []);
    if (method !== 'GET') expect(metadata.cacheable).toBe('no-store');
    if (metadata.role !== 'user') expect(metadata).toMatchObject({ auth: 'required', scope: 'admin' });
    expect(route.summary).toMatch(/^[A-Z].*[^.]$/);
  });

  test('has schemas for the kinds of its body and answer', () => {
    expect(route.body instanceof z.ZodType).toBe(metadata.body !== 'none');
    const [answer] = Object.entries(route.responses).filter(([status]) => Number(status) < 300);
    expect(answer?.[1] instanceof z.ZodType).toBe(metadata.answer !== 'empty');
  });

  test('has a schema for exactly the parameters of its path', () => {
    const inPath = [...route.path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => name);
    expect(Object.keys(route.pathParams?.shape ?? {})).toEqual(inPath);
    expect(route.path).toMatch(new RegExp(`^${apiPrefix}(/:?[A-Za-z-]+)+$`));
  });

  test('declares the statuses of its errors, one success and, where cached, 304', () => {
    const declared = Object.keys(route.responses).map(Number);
    const success = declared.filter((status) => status < 300);
    expect(success).toHaveLength(1);
    const told = new Set(metadata.errors.map((code) => errorTable[code].status));
    expect(new Set(declared)).toEqual(
      new Set([...success, ...told, ...(metadata.cacheable === 'private' ? [304] : [])]),
    );
    expect(new Set(metadata.errors).size).toBe(metadata.errors.length);
  });

  test('refuses unknown members in its input', () => {
    if (!(route.body instanceof z.ZodType)) return;
    const issues = route.body.safeParse(JSON.parse('{"__proto__":{"role":"admin"},"more":1}')).error?.issues;
    const unknown = issues?.find((issue) => issue.code === 'unrecognized_keys');
    expect(unknown).toMatchObject({ keys: ['__proto__', 'more'] });
  });
});
