import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configTable, configurationPage } from './config-table.ts';
import { allVariables } from './variables.ts';

test('docs/configuration.md is up to date; otherwise run npm run generate', () => {
  const page = new URL('../../../../docs/configuration.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(configurationPage());
});

test('the table has one row of four cells for each variable', () => {
  const rows = configTable().split('\n').slice(2);
  expect(rows).toHaveLength(allVariables.length);
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(5);
});
