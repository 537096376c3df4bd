import type { EventType } from '@twite/core/events/domain-event';
import { currentTrace } from '@twite/core/trace';

/**
 * An update that is an event: sets and unsets fields, raises `rev`, and says in `change` what it was, with the values of
 * the fields named. A pipeline, so that the new `rev` can be part of `change` without reading it first.
 *
 * `change` has a stage of its own: MongoDB evaluates a stage against what came into it, the tests' stand-in field by field.
 */
export function changing(
  type: EventType,
  {
    set = {},
    computed = {},
    unset = [],
    others = [],
  }: {
    set?: object;
    /** Expressions over the fields as they were. */
    computed?: Readonly<Record<string, object>>;
    unset?: readonly string[];
    others?: readonly string[];
  },
): Record<string, unknown>[] {
  const trace = currentTrace();
  const without = trace === undefined ? [...unset, 'trace'] : unset;
  const rev = { $toString: { $toLong: '$rev' } };
  return [
    { $set: { ...literals(set), ...computed, rev: { $add: ['$rev', 1] } } },
    {
      $set: {
        change: { $concat: [`${type} `, rev, ...others.flatMap((field) => [' ', `$${field}`])] },
        ...(trace === undefined ? {} : { trace }),
      },
    },
    ...(without.length === 0 ? [] : [{ $unset: without }]),
  ];
}

/** What people wrote may begin with `$`. */
export const literals = (set: object) =>
  Object.fromEntries(
    Object.entries(set)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, { $literal: value }]),
  );
