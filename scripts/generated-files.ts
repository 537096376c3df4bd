import { generateOpenApi } from '@twite/contract/openapi';
import { configurationPage } from '@twite/process/config/config-table';
import { metricsPage } from '@twite/process/metrics/metrics-page';
import { loadCommands } from '../packages/cli/src/readme/command-table.ts';
import { withCommands } from '../packages/cli/src/readme/with-commands.ts';
import { generateSdk } from '../packages/sdk/scripts/generate.ts';
import { gatewayMap, gatewayOnceList } from './gateway-map.ts';
import { withMessageTables } from './logs/log-messages.ts';
import { dashboards } from './observability/all-dashboards.ts';
import { dashboardJson } from './observability/dashboard-json.ts';
import { ruleFiles } from './observability/rules.ts';

/** All generated files of the repository that are made from its packages: contents by path. */
export async function generatedFiles(readText: (path: string) => string): Promise<Map<string, string>> {
  const { version } = JSON.parse(readText('packages/contract/package.json')) as { version: string };
  const files = new Map([
    ['packages/contract/openapi.json', `${JSON.stringify(generateOpenApi({ version }), null, 2)}\n`],
    ['docs/configuration.md', configurationPage()],
    ['docs/operations/metrics.md', metricsPage()],
    ['docs/operations/logs.md', withMessageTables(readText('docs/operations/logs.md'))],
    ['packages/cli/README.md', withCommands(readText('packages/cli/README.md'), await loadCommands())],
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
