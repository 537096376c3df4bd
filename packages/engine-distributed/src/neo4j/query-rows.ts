import { type Driver, resultTransformers } from 'neo4j-driver';

/** Returns the rows of a statement in a transaction of its own, retried where that helps. */
export const queryRows = <Row extends object>(
  driver: Driver,
  cypher: string,
  parameters: object = {},
  routing: 'READ' | 'WRITE' = 'WRITE',
): Promise<readonly Row[]> =>
  driver.executeQuery(cypher, parameters, {
    routing,
    resultTransformer: resultTransformers.mapped({
      map: (record) => record.toObject() as Row,
      collect: (rows) => rows,
    }),
  });
