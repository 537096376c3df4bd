import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { operationIds } from '@twite/contract';
import { expect, test } from 'vitest';

const fileOf = (operationId: string): string =>
  `${operationId.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;

const files = globSync('*/*.ts', { cwd: import.meta.dirname });

test.each(operationIds)('%s is the only value that its own file exports', async (operationId) => {
  const own = files.filter((file) => basename(file) === fileOf(operationId));
  expect(own).toHaveLength(1);
  const module = await import(`./${own[0]}`);
  expect(Object.keys(module)).toEqual([operationId]);
});
