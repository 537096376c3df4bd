import type { Driver } from 'neo4j-driver';

/** Removes every account and follow of a space. */
export async function eraseGraph(driver: Driver, space: string): Promise<void> {
  const session = driver.session();
  try {
    // Accounts with many follows would not fit in one transaction's memory.
    await session.run(
      `MATCH (account:TwiteAccount {space: $space}) WHERE account.accountId >= ''
       CALL (account) { DETACH DELETE account } IN TRANSACTIONS OF 200 ROWS`,
      { space },
    );
  } finally {
    await session.close();
  }
}
