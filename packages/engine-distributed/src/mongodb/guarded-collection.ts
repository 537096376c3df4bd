import type { AbstractCursor, Collection, Document } from 'mongodb';
import type { CallGuard } from '../dependency.ts';

type Call = CallGuard['call'];
type Method = (...args: unknown[]) => unknown;

/** Methods that ask the server once and answer a promise. */
const calls: ReadonlySet<PropertyKey> = new Set([
  'bulkWrite',
  'countDocuments',
  'createIndex',
  'createIndexes',
  'deleteMany',
  'deleteOne',
  'distinct',
  'estimatedDocumentCount',
  'findOne',
  'findOneAndDelete',
  'findOneAndReplace',
  'findOneAndUpdate',
  'insertMany',
  'insertOne',
  'replaceOne',
  'updateMany',
  'updateOne',
] satisfies (keyof Collection)[]);

const cursorCalls: ReadonlySet<PropertyKey> = new Set([
  'hasNext',
  'next',
  'toArray',
  'tryNext',
] satisfies (keyof AbstractCursor)[]);

/** The cursor, whose reads go through `call` one by one. */
function guardCursor<C extends AbstractCursor>(cursor: C, call: Call): C {
  async function* iterate(): AsyncGenerator<unknown> {
    try {
      for (;;) {
        const next: unknown = await call(() => cursor.next());
        if (next === null) return;
        yield next;
        // The rest of the batch is here already.
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
        // `sort`, `limit` and the like answer the cursor itself.
        return answer === target ? guarded : answer;
      };
    },
  });
  return guarded;
}

/**
 * The collection, each of whose calls goes through `call`: so that every deployment has a circuit breaker of its own,
 * whichever databases a port method asks. Change streams are not guarded.
 */
export function guardCollection<T extends Document>(collection: Collection<T>, call: Call): Collection<T> {
  return new Proxy(collection, {
    get(target, key) {
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as Method;
      if (calls.has(key)) return (...args: unknown[]) => call(() => method(...args) as Promise<unknown>);
      if (key === 'find' || key === 'aggregate') {
        return (...args: unknown[]) => guardCursor(method(...args) as AbstractCursor, call);
      }
      return method;
    },
  });
}
