import { type Check, pass } from '@twite/core/doctor/run-checks';
import { judgeVersion } from '@twite/core/doctor/versions';
import type { Driver } from 'neo4j-driver';
import { placeOf } from '../connections.ts';
import { queryRows } from '../neo4j/query-rows.ts';

const supported = { least: '5.23', below: '6' };

export function graphChecks(driver: Driver, url: string): readonly Check[] {
  const place = placeOf(url);
  const fix = `Start Neo4j at ${place}, or correct TWITE_NEO4J_URL, its user and its password.`;
  return [
    {
      name: 'neo4j',
      fix,
      async find() {
        await queryRows(driver, 'RETURN 1 AS one', {}, 'READ');
        return pass(`answers at ${place}`);
      },
    },
    {
      name: 'neo4j version',
      needs: 'neo4j',
      fix,
      async find() {
        const { agent = '' } = await driver.getServerInfo();
        return judgeVersion('Neo4j', agent.replace(/^Neo4j\//, ''), supported);
      },
    },
    {
      name: 'neo4j apoc',
      needs: 'neo4j',
      fix: 'Install APOC core of the same version as Neo4j in its plugins folder.',
      async find() {
        const [row] = await queryRows<{ version: string }>(
          driver,
          'RETURN apoc.version() AS version',
          {},
          'READ',
        );
        return pass(`APOC ${row?.version}`);
      },
    },
  ];
}
