import type { EventType } from '@twite/core/events/event-catalogue';
import { currentTrace } from '@twite/core/trace';
import { eventOrigins } from './event-origins.ts';

/**
 * An update that is an event: sets and unsets fields, increments `rev`, and describes itself in `change`, with the
 * values of the event's fields. A pipeline, so that the new `rev` can be part of `change` without reading it first.
 *
 * `change` has a stage of its own: MongoDB evaluates a stage against its input, the tests' fake evaluates field by
 * field.
 */
export function changing(
  type: EventType,
  {
    set = {},
    computed = {},
    unset = [],
  }: {
    set?: object;
    /** Expressions over the previous values of the fields. */
    computed?: Readonly<Record<string, object>>;
    unset?: readonly string[];
  },
): Record<string, unknown>[] {
  const { fields = [] } = eventOrigins[type];
  const trace = currentTrace();
  const without = trace === undefined ? [...unset, 'trace'] : unset;
  const rev = { $toString: { $toLong: '$rev' } };
  return [
    { $set: { ...literals(set), ...computed, rev: { $add: ['$rev', 1] } } },
    {
      $set: {
        change: { $concat: [`${type} `, rev, ...fields.flatMap((field) => [' ', `$${field}`])] },
        ...(trace === undefined ? {} : { trace }),
      },
    },
    ...(without.length === 0 ? [] : [{ $unset: without }]),
  ];
}

/** Text written by users may begin with `$`. */
export const literals = (set: object) =>
  Object.fromEntries(
    Object.entries(set)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, { $literal: value }]),
  );
