// Writes docs/configuration.md. Run: node --conditions=twite-source packages/server/src/config/write-configuration.ts
import { writeFileSync } from 'node:fs';
import { configurationPage } from './config-table.ts';

writeFileSync(new URL('../../../../docs/configuration.md', import.meta.url), configurationPage());
