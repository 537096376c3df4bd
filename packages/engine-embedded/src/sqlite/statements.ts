import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** What may be bound to a parameter. */
export type Value = SQLInputValue;

/** SQL on one connection; each text is prepared once. Rows are taken to be what the caller says they are. */
export interface Statements {
  get<Row>(sql: string, ...values: Value[]): Row | undefined;
  all<Row>(sql: string, ...values: Value[]): Row[];
  /** How many rows it changed. */
  run(sql: string, ...values: Value[]): number;
}

export function createStatements(db: DatabaseSync): Statements {
  // All texts are literals of this package, so this never grows beyond them.
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement;
  };
  return {
    get: <Row>(sql: string, ...values: Value[]) => prepare(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: Value[]) => prepare(sql).all(...values) as Row[],
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
  };
}
