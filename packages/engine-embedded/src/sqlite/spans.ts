import { inSpan, isTracing, type SpanDescription } from '@twite/core/tracer';
import type { Reader } from './reader.ts';
import type { Statements } from './statements.ts';
import type { Writer } from './writer.ts';

/** Describes the work of an event consumer, or on the jobs of a class. */
export const describeProcessing = (queue: string): SpanDescription => ({
  name: `process ${queue}`,
  kind: 'consumer',
  attributes: {
    'messaging.system': 'sqlite',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queue,
  },
});

const describe = (operation: string, table?: string): SpanDescription => ({
  name: table === undefined ? operation : `${operation} ${table}`,
  kind: 'client',
  attributes: {
    'db.system.name': 'sqlite',
    'db.operation.name': operation,
    ...(table === undefined ? {} : { 'db.collection.name': table }),
  },
});

/** The verb and the first table of a statement. Values are never part of its text. */
function describeStatement(sql: string): SpanDescription {
  const [verb = 'SQL'] = /\w+/.exec(sql) ?? [];
  return describe(verb.toUpperCase(), /\b(?:FROM|INTO|UPDATE)\s+(\w+)/i.exec(sql)?.[1]);
}

/** Texts of statements and names of writes are literals of this package, so there are few. */
function describeOnce<K>(describeOne: (key: K) => SpanDescription): (key: K) => SpanDescription {
  const known = new Map<K, SpanDescription>();
  return (key) => {
    let description = known.get(key);
    if (description === undefined) {
      description = describeOne(key);
      known.set(key, description);
    }
    return description;
  };
}

/** Records each statement as a span if the process has a tracer; otherwise returns the same statements. */
export function measureReads(read: Statements): Statements {
  if (!isTracing()) return read;
  const spanOf = describeOnce(describeStatement);
  return {
    get: (sql, ...values) => inSpan(spanOf(sql), () => read.get(sql, ...values)),
    all: (sql, ...values) => inSpan(spanOf(sql), () => read.all(sql, ...values)),
    column: (sql, ...values) => inSpan(spanOf(sql), () => read.column(sql, ...values)),
    run: (sql, ...values) => inSpan(spanOf(sql), () => read.run(sql, ...values)),
  };
}

/** Records each write as a span, from the request until it is durable, if the process has a tracer. */
export function measureWrites(writer: Writer): Writer {
  if (!isTracing()) return writer;
  const spanOf = describeOnce((name: string) => describe(name));
  return {
    run: (name, args) => inSpan(spanOf(name), () => writer.run(name, args)),
    get isFull() {
      return writer.isFull;
    },
    failed: writer.failed,
    close: () => writer.close(),
  };
}

/** Records each query of the reader as a span, including its waiting time, if the process has a tracer. */
export function measureQueries(reader: Reader): Reader {
  if (!isTracing()) return reader;
  const spanOf = describeOnce((name: string) => describe(name));
  return {
    run: (name, args) => inSpan(spanOf(name), () => reader.run(name, args)),
    close: () => reader.close(),
  };
}
