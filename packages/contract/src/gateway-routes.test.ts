import { expect, test } from 'vitest';
import { contract, operationIds } from './contract.ts';
import { gatewayRoutes } from './gateway-routes.ts';

test('every operation is routed once, to the service of its metadata', () => {
  const routes = gatewayRoutes();
  expect(routes.map((route) => route.operationId)).toEqual(operationIds);
  for (const route of routes) {
    expect(route.service).toBe(contract[route.operationId].metadata.service);
    expect(route.path).toMatch(/^\/v1\//);
  }
  expect(routes).toContainEqual({
    operationId: 'createPost',
    service: 'posts',
    method: 'POST',
    path: '/v1/posts',
  });
});

test('a method and a path identify one operation, regardless of parameter names', () => {
  const shapes = gatewayRoutes().map((route) => `${route.method} ${route.path.replace(/:[A-Za-z]+/g, ':')}`);
  expect(new Set(shapes).size).toBe(shapes.length);
});
