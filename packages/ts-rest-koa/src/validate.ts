import { parseAsStandardSchema, type StandardSchemaV1 } from '@ts-rest/core';
import type { Issue, IssueLocation } from './problem.ts';

export type Validate = (value: unknown) => StandardSchemaV1.Result<unknown>;

/** A small body can break a rule thousands of times; the answer must not be larger than the attack. */
const MAX_ISSUES = 100;

/**
 * A schema returned a promise. zod does so when one of its own checks throws, such as that of a string's length on
 * `{ "length": { "valueOf": 1 } }`: such input is invalid. An asynchronous schema is a bug.
 */
export class UnsettledValidation extends Error {
  readonly #result: Promise<unknown>;

  constructor(result: Promise<unknown>) {
    super('ts-rest-koa validates synchronously, but a schema answered with a promise');
    this.#result = result;
    // If nobody handles it, its rejection would end the process.
    result.catch(() => {});
  }

  /** Whether the input made a check throw. */
  isInvalidInput(): Promise<boolean> {
    return this.#result.then(
      () => false,
      () => true,
    );
  }
}

/** Undefined if there is nothing to check: no schema, `c.type<T>()`, `c.noBody()` or null. */
export function compileValidator(schema: unknown): Validate | undefined {
  const standard = parseAsStandardSchema(schema)?.['~standard'];
  if (standard === undefined) return undefined;
  return (value) => {
    const result = standard.validate(value);
    if ('then' in result) throw new UnsettledValidation(result);
    return result;
  };
}

export function addIssue(issues: Issue[], issue: Issue): void {
  if (issues.length < MAX_ISSUES) issues.push(issue);
}

/** Adds the issues of a schema. `prefix` is the key of the validated value, if it has one. */
export function addSchemaIssues(
  issues: Issue[],
  location: IssueLocation,
  found: readonly StandardSchemaV1.Issue[],
  prefix = '',
): void {
  for (const issue of found) {
    if (issues.length >= MAX_ISSUES) return;
    let path = prefix;
    for (const segment of issue.path ?? []) {
      const key = String(typeof segment === 'object' ? segment.key : segment);
      path = path === '' ? key : `${path}.${key}`;
    }
    // A refinement of zod has the code `custom`, and may give a better one in its `params`.
    const { code, params } = issue as { code?: unknown; params?: { code?: unknown } };
    const named = params?.code ?? code;
    issues.push({
      in: location,
      path,
      code: typeof named === 'string' ? named : 'invalid',
      message: issue.message,
    });
  }
}
