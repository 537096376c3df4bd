import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** What may be bound to a parameter. */
export type Value = SQLInputValue;

/** SQL on one connection; each text is prepared once. Rows are taken to be what the caller says they are. */
export interface Statements {
  get<Row>(sql: string, ...values: Value[]): Row | undefined;
  all<Row>(sql: string, ...values: Value[]): Row[];
  /** The values of the only column. Of many rows it takes less than half of the time that `all` takes. */
  column<V>(sql: string, ...values: Value[]): V[];
  /** How many rows it changed. */
  run(sql: string, ...values: Value[]): number;
}

export function createStatements(db: DatabaseSync): Statements {
  // All texts are literals of this package, so this never grows beyond them.
  const prepared = new Map<string, StatementSync>();
  const preparedColumns = new Map<string, StatementSync>();
  const prepare = (sql: string, known = prepared): StatementSync => {
    let statement = known.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql);
      statement.setReturnArrays(known === preparedColumns);
      known.set(sql, statement);
    }
    return statement;
  };
  return {
    get: <Row>(sql: string, ...values: Value[]) => prepare(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: Value[]) => prepare(sql).all(...values) as Row[],
    column: <V>(sql: string, ...values: Value[]) =>
      (prepare(sql, preparedColumns).all(...values) as unknown as [V][]).map(([value]) => value),
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
  };
}
