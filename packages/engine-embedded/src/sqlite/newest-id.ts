import type { Statements } from './statements.ts';

/** The newest id among primary keys and reserved ids. The same generator numbers edges, in between. */
export function newestId(read: Statements): string | undefined {
  const row = read.get<{ newest: string | null }>(
    `SELECT max(id) AS newest FROM (
       SELECT max(account_id) AS id FROM accounts
       UNION ALL SELECT max(session_id) FROM sessions
       UNION ALL SELECT max(token_id) FROM tokens
       UNION ALL SELECT max(post_id) FROM posts
       UNION ALL SELECT max(post_id) FROM deleted_posts
       UNION ALL SELECT max(reply_id) FROM replies
       UNION ALL SELECT max(reply_id) FROM deleted_replies
       UNION ALL SELECT max(media_id) FROM media
       UNION ALL SELECT max(entry_id) FROM audit_log
       UNION ALL SELECT max(resource_id) FROM idempotency
     )`,
  );
  return row?.newest ?? undefined;
}
