import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { generateOpenApi } from './document.ts';

test('redocly reports no problems in the document', async () => {
  const config = await createConfig({
    extends: ['recommended'],
    rules: {
      // `by-handle` is not a valid id, so no account has that path.
      'no-ambiguous-paths': 'off',
      // Rules of spectral:oas that redocly disables.
      'operation-description': 'error',
      'tag-description': 'error',
      'info-contact': 'error',
      'no-unused-components': 'error',
      'no-invalid-media-type-examples': 'error',
      'no-invalid-schema-examples': 'error',
      'no-invalid-parameter-examples': 'error',
    },
  });
  const source = JSON.stringify(generateOpenApi({ version: '1.2.3', serverUrl: 'https://twite.example' }));
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
});
