import { inSpan, type SpanDescription } from '@twite/core/tracer';
import type { AbstractCursor, Collection, Document } from 'mongodb';
import type { CallGuard } from '../dependency.ts';

type Call = CallGuard['call'];
type Method = (...args: unknown[]) => unknown;

/** Methods that make one request and return a promise, with the command that they send, as traces name it. */
const commandOf: ReadonlyMap<PropertyKey, string> = new Map<keyof Collection, string>([
  ['bulkWrite', 'bulkWrite'],
  ['countDocuments', 'aggregate'],
  ['createIndex', 'createIndexes'],
  ['createIndexes', 'createIndexes'],
  ['deleteMany', 'delete'],
  ['deleteOne', 'delete'],
  ['distinct', 'distinct'],
  ['estimatedDocumentCount', 'count'],
  ['findOne', 'find'],
  ['findOneAndDelete', 'findAndModify'],
  ['findOneAndReplace', 'findAndModify'],
  ['findOneAndUpdate', 'findAndModify'],
  ['insertMany', 'insert'],
  ['insertOne', 'insert'],
  ['replaceOne', 'update'],
  ['updateMany', 'update'],
  ['updateOne', 'update'],
]);

const cursorCalls: ReadonlySet<PropertyKey> = new Set([
  'hasNext',
  'next',
  'toArray',
  'tryNext',
] satisfies (keyof AbstractCursor)[]);

/** Wraps the cursor so that each of its reads goes through `call`. */
function guardCursor<C extends AbstractCursor>(cursor: C, call: Call): C {
  async function* iterate(): AsyncGenerator<unknown> {
    try {
      for (;;) {
        const next: unknown = await call(() => cursor.next());
        if (next === null) return;
        yield next;
        // The rest of the batch is buffered already.
        yield* cursor.readBufferedDocuments();
      }
    } finally {
      await cursor.close();
    }
  }
  const guarded: C = new Proxy(cursor, {
    get(target, key) {
      if (key === Symbol.asyncIterator) return iterate;
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as Method;
      if (cursorCalls.has(key))
        return (...args: unknown[]) => call(() => method(...args) as Promise<unknown>);
      return (...args: unknown[]) => {
        const answer = method(...args);
        // `sort`, `limit` and the like return the cursor itself.
        return answer === target ? guarded : answer;
      };
    },
  });
  return guarded;
}

/** Names the collection and the command, and no part of the query or the written data. */
const describe = (
  { collectionName, dbName }: Pick<Collection, 'collectionName' | 'dbName'>,
  command: string,
): SpanDescription => ({
  name: `${command} ${collectionName}`,
  kind: 'client',
  attributes: {
    'db.system.name': 'mongodb',
    'db.namespace': dbName,
    'db.collection.name': collectionName,
    'db.operation.name': command,
  },
});

/**
 * Wraps the collection so that each call goes through `call`: every deployment has its own circuit breaker, whichever
 * databases a port method uses, and each call in a trace is a span. Change streams are not guarded.
 */
export function guardCollection<T extends Document>(collection: Collection<T>, call: Call): Collection<T> {
  const spans = new Map(
    [...commandOf.values(), 'find'].map((command) => [command, describe(collection, command)]),
  );
  const measured =
    (command: string): Call =>
    (run) =>
      inSpan(spans.get(command) as SpanDescription, () => call(run));
  return new Proxy(collection, {
    get(target, key) {
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as Method;
      const command = commandOf.get(key);
      if (command !== undefined) {
        const ask = measured(command);
        return (...args: unknown[]) => ask(() => method(...args) as Promise<unknown>);
      }
      if (key === 'find' || key === 'aggregate') {
        return (...args: unknown[]) => guardCursor(method(...args) as AbstractCursor, measured(key));
      }
      return method;
    },
  });
}
