import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generateOpenApi } from './document.ts';

test('openapi.json is up to date; otherwise run npm run generate', () => {
  const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(read('openapi.json')).toBe(`${JSON.stringify(generateOpenApi({ version }), null, 2)}\n`);
});
