import { type Driver, Neo4jError } from 'neo4j-driver';
import { queryRows } from './query-rows.ts';

const ensured = new WeakMap<Driver, Promise<void>>();

/** The key of accounts: without it, MERGE makes one twice. Asked for once with a driver; safe when several start at once. */
export function ensureGraph(driver: Driver): Promise<void> {
  const known = ensured.get(driver);
  if (known !== undefined) return known;
  const made = makeConstraint(driver).catch((error: unknown) => {
    ensured.delete(driver);
    throw error;
  });
  ensured.set(driver, made);
  return made;
}

async function makeConstraint(driver: Driver): Promise<void> {
  try {
    await queryRows(
      driver,
      `CREATE CONSTRAINT twite_account_key IF NOT EXISTS
       FOR (account:TwiteAccount) REQUIRE (account.space, account.accountId) IS UNIQUE`,
    );
  } catch (error) {
    // Another process made it between the look and the making.
    if (!(error instanceof Neo4jError && error.code.includes('AlreadyExists'))) throw error;
  }
}
