import { type Driver, Neo4jError } from 'neo4j-driver';
import { queryRows } from './query-rows.ts';

const ensured = new WeakMap<Driver, Promise<void>>();

/**
 * Creates the key constraint of accounts: without it, MERGE may create one twice. Runs once per driver; safe when
 * several start at once.
 */
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
    // Another process created it between the check and the creation.
    if (!(error instanceof Neo4jError && error.code.includes('AlreadyExists'))) throw error;
  }
}
