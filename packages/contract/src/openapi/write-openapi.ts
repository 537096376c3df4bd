// Writes packages/contract/openapi.json. Run: node --conditions=twite-source packages/contract/src/openapi/write-openapi.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { generateOpenApi } from './document.ts';

const root = new URL('../../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
writeFileSync(new URL('openapi.json', root), `${JSON.stringify(generateOpenApi({ version }), null, 2)}\n`);
