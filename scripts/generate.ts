import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateOpenApi } from '@twite/contract/openapi';
import { configurationPage } from '@twite/process/config/config-table';
import { metricsPage } from '@twite/process/metrics/metrics-page';
import { generateSdk } from '../packages/sdk/scripts/generate.ts';
import { gatewayMap, gatewayOnceList } from './gateway-map.ts';
import { withMessageTables } from './logs/log-messages.ts';
import { dashboards } from './observability/all-dashboards.ts';
import { dashboardJson } from './observability/dashboard-json.ts';
import { ruleFiles } from './observability/rules.ts';

const root = join(import.meta.dirname, '..');
const readText = (path: string): string => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
};

/** All generated files of the repository: contents by path. */
async function generateAll(): Promise<Map<string, string>> {
  const { version } = JSON.parse(readText('packages/contract/package.json')) as { version: string };
  const files = new Map([
    ['packages/contract/openapi.json', `${JSON.stringify(generateOpenApi({ version }), null, 2)}\n`],
    ['docs/configuration.md', configurationPage()],
    ['docs/operations/metrics.md', metricsPage()],
    ['docs/operations/logs.md', withMessageTables(readText('docs/operations/logs.md'))],
    ['compose/gateway/routes.map', gatewayMap()],
    ['compose/gateway/once.lst', gatewayOnceList()],
    ...dashboards.map((dashboard): [string, string] => [
      `compose/grafana/dashboards/${dashboard.name}.json`,
      dashboardJson(dashboard),
    ]),
    ...Object.entries(ruleFiles()).map(([name, text]): [string, string] => [
      `compose/prometheus/rules/${name}`,
      text,
    ]),
  ]);
  for (const [path, text] of await generateSdk()) files.set(`packages/sdk/${path}`, text);
  return files;
}

const check = process.argv.includes('--check');
let stale = 0;
for (const [path, text] of await generateAll()) {
  if (readText(path) === text) continue;
  stale++;
  if (check) {
    console.error(`${path} is stale: run \`npm run generate\``);
  } else {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
if (check && stale > 0) process.exit(1);
if (stale === 0) console.log('generated files are fresh');
