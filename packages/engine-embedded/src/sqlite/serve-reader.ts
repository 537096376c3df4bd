import type { DatabaseSync } from 'node:sqlite';
import { carryError } from './carried-error.ts';
import type { FromReader, QueuedQuery, ToReader } from './messages.ts';
import type { QueryTable } from './queries.ts';
import { createStatements, type Statements } from './statements.ts';
import type { ThreadPort } from './thread-port.ts';

type RunQuery = (read: Statements, args: unknown) => unknown;

/** Runs queries in order of arrival, on its own connection. */
export function serveReader(
  table: QueryTable,
  db: DatabaseSync,
  port: ThreadPort<ToReader, FromReader>,
): void {
  const read = createStatements(db);
  const queue = new Map<number, QueuedQuery>();
  let isClosing = false;
  let isScheduled = false;

  // Outside a transaction, so that each statement reads the newest commit and delays no checkpoint afterwards.
  const answer = ({ id, name, args }: QueuedQuery): FromReader => {
    try {
      return { id, ok: true, result: (table[name] as RunQuery)(read, args) };
    } catch (error) {
      return { id, ok: false, error: carryError(error) };
    }
  };
  const runNext = () => {
    isScheduled = false;
    if (isClosing) {
      db.close();
      port.close();
      return;
    }
    const [next] = queue.values();
    if (next === undefined) return;
    queue.delete(next.id);
    port.send(answer(next));
    schedule();
  };
  // Between two queries the thread reads new messages, which may cancel the next query.
  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(runNext);
  };
  const cancel = (id: number) => {
    if (queue.delete(id)) port.send({ id, ok: true, result: undefined });
  };

  port.onMessage((message) => {
    if (message.type === 'run') for (const query of message.queries) queue.set(query.id, query);
    else if (message.type === 'cancel') cancel(message.id);
    else isClosing = true;
    schedule();
  });
}
