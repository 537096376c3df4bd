import type { Stats } from '@twite/contract';
import type { Statements } from '../statements.ts';

export function countInstance(read: Statements): Stats {
  const stats = read.get<Stats>(
    `SELECT
       (SELECT count(*) FROM accounts WHERE status IN ('active', 'suspended')) AS accounts,
       (SELECT count(*) FROM accounts WHERE status = 'suspended') AS suspendedAccounts,
       (SELECT count(*) FROM posts) AS posts,
       (SELECT count(*) FROM replies) AS replies,
       (SELECT count(*) FROM likes) AS likes,
       (SELECT count(*) FROM follows) AS follows`,
  );
  if (stats === undefined) throw new Error('a SELECT without FROM has one row');
  return stats;
}
