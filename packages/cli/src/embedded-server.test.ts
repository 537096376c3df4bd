import { expect, test } from 'vitest';
import { requireServerNode } from './embedded-server.ts';

test.each(['24.11.0', '24.12.1', '25.0.0', '100.0.0'])('the server runs on Node %s', (version) => {
  expect(() => requireServerNode(version)).not.toThrow();
});

test.each(['20.19.0', '22.23.0', '24.10.9'])('Node %s is too old for the server', (version) => {
  expect(() => requireServerNode(version)).toThrow(/requires Node 24\.11 or newer\. This is Node/);
});
