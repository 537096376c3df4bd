import type { AnyResponse } from './contract-types.ts';
import type { DeclaredResponse } from './operation.ts';
import type { Issue } from './problem.ts';
import { RawBody } from './raw-body.ts';
import { isStreamBody } from './stream-body.ts';
import { addSchemaIssues } from './validate.ts';

/** The issues of a response's body. A stream cannot be checked without reading it, so it passes. */
export function findResponseIssues(declared: DeclaredResponse | undefined, response: AnyResponse): Issue[] {
  const issues: Issue[] = [];
  if (declared?.validate === undefined || isStreamBody(response.body)) return issues;
  const result = declared.validate(asSent(response.body, declared.json));
  if (result.issues !== undefined) addSchemaIssues(issues, 'body', result.issues);
  return issues;
}

function asSent(body: unknown, json: boolean): unknown {
  if (!(body instanceof RawBody) || !json) return body;
  const { content } = body;
  return JSON.parse(typeof content === 'string' ? content : Buffer.from(content).toString('utf8'));
}
