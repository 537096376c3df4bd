import { createHash } from 'node:crypto';
import { errorTypeOf, isTracing, type SpanDescription, startSpan } from '@twite/core/tracer';
import type { Command, Redis } from 'ioredis';

/** Twite's scripts, by the hash used to call them. */
const scriptNames = new Map<string, string>();

/** Registers the name of a script for traces. */
export function nameScript(name: string, lua: string): void {
  scriptNames.set(createHash('sha1').update(lua).digest('hex'), name);
}

/** Describes the commands of one connection, each command once. Never includes their arguments. */
export function describeCommands({ options }: Pick<Redis, 'options'>): (command: Command) => SpanDescription {
  const known = new Map<string, SpanDescription>();
  const place = {
    ...(options.host === undefined ? {} : { 'server.address': options.host }),
    ...(options.port === undefined ? {} : { 'server.port': options.port }),
  };
  return ({ name, args }) => {
    const script = name === 'evalsha' ? scriptNames.get(String(args[0])) : undefined;
    const key = script ?? name;
    let description = known.get(key);
    if (description === undefined) {
      const operation = name.toUpperCase();
      description = {
        name: script === undefined ? operation : `${operation} ${script}`,
        kind: 'client',
        attributes: {
          'db.system.name': 'redis',
          'db.operation.name': operation,
          ...(script === undefined ? {} : { 'db.stored_procedure.name': script }),
          ...place,
        },
      };
      known.set(key, description);
    }
    return description;
  };
}

/** Measures a command that is about to be sent, if it belongs to a recorded trace. */
export function measureCommand(command: Command, describe: (command: Command) => SpanDescription): void {
  if (!isTracing()) return;
  const span = startSpan(describe(command));
  if (span === undefined) return;
  command.promise.then(
    () => span.end(),
    (error: unknown) => span.end(errorTypeOf(error)),
  );
}
