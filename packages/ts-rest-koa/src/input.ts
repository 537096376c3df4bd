import type { IncomingMessage } from 'node:http';
import { parseJsonBody } from './json-body.ts';
import { isMediaType } from './media-type.ts';
import type { CompiledOperation, DeclaredBody } from './operation.ts';
import type { AnyInput } from './options.ts';
import type { Issue, IssueLocation, TsRestKoaProblem } from './problem.ts';
import { parseQuery } from './query-string.ts';
import { announcesMoreThan, type BodyLimits, discardBody, hasBody, readBody } from './request-body.ts';
import type { RequestContext } from './request-context.ts';
import type { RouteMatch } from './route-table.ts';
import { addIssue, addSchemaIssues, UnsettledValidation, type Validate } from './validate.ts';

export type InputResult<TState, TMetadata> =
  | { input: AnyInput & { ctx: RequestContext<TState, TMetadata> } }
  | { problem: TsRestKoaProblem };

interface ReadBody {
  value: unknown;
  issues: readonly Issue[];
}

const NO_BODY: ReadBody = { value: undefined, issues: [] };

/** Reads the body if the operation has one, then validates everything and reports all issues. */
export async function readInput<TState, TMetadata>(
  match: RouteMatch<CompiledOperation<TState, TMetadata>>,
  ctx: RequestContext<TState, TMetadata>,
  limits: BodyLimits,
): Promise<InputResult<TState, TMetadata>> {
  const { operation } = match;
  const { req } = ctx.koa;
  let body = NO_BODY;
  if (hasBody(req)) {
    if (announcesMoreThan(req, limits.bytes) && operation.body?.format !== 'own') {
      return { problem: { kind: 'payload_too_large', operationId: operation.operationId } };
    }
    if (operation.body === undefined) discardBody(req);
    else {
      const isWaitedFor = !req.complete;
      const read = await readDeclaredBody(operation.body, req, ctx, limits);
      if ('problem' in read) return { problem: { kind: read.problem, operationId: operation.operationId } };
      body = read;
      if (isWaitedFor) for (const hook of operation.afterBody) await hook(ctx);
    }
  }

  const issues: Issue[] = [];
  const params = check(operation.params, match.params, 'path', issues);
  const query =
    operation.query === undefined
      ? undefined
      : check(
          operation.query,
          parseQuery(match.queryString, issues, 'query', operation.isQueryList),
          'query',
          issues,
        );
  const headers = checkHeaders(operation, req, issues);
  // A body that could not be read completely already has issues; its schema would only add noise.
  for (const issue of body.issues) addIssue(issues, issue);
  const value =
    operation.body === undefined || body.issues.length > 0
      ? undefined
      : await checkBody(operation.body.validate, body.value, issues);
  if (issues.length > 0) {
    return { problem: { kind: 'invalid_input', operationId: operation.operationId, issues } };
  }
  return { input: { params: completeParams(match.params, params), query, headers, body: value, ctx } };
}

function check(
  validate: Validate | undefined,
  value: unknown,
  location: IssueLocation,
  issues: Issue[],
  key?: string,
): unknown {
  if (validate === undefined) return value;
  const result = validate(value);
  if (result.issues === undefined) return result.value;
  addSchemaIssues(issues, location, result.issues, key);
  return undefined;
}

/** A body may contain values that make a check of its schema throw. */
async function checkBody(validate: Validate | undefined, value: unknown, issues: Issue[]): Promise<unknown> {
  try {
    return check(validate, value, 'body', issues);
  } catch (error) {
    if (!(error instanceof UnsettledValidation) || !(await error.isInvalidInput())) throw error;
    addIssue(issues, { in: 'body', path: '', code: 'invalid', message: 'Cannot be validated' });
    return undefined;
  }
}

function checkHeaders(
  { allHeaders, headers: declared }: Pick<CompiledOperation<unknown, unknown>, 'allHeaders' | 'headers'>,
  req: IncomingMessage,
  issues: Issue[],
): unknown {
  if (allHeaders !== undefined) return check(allHeaders, req.headers, 'headers', issues);
  if (declared === undefined) return undefined;
  const headers: Record<string, unknown> = Object.create(null);
  for (const [name, validate] of declared) {
    headers[name] = check(validate, req.headers[name], 'headers', issues, name);
  }
  return headers;
}

/** ts-rest guarantees every path parameter, including those that the schema omits and drops. */
function completeParams(
  raw: Readonly<Record<string, string | undefined>>,
  parsed: unknown,
): AnyInput['params'] {
  if (parsed === raw || typeof parsed !== 'object' || parsed === null) return raw;
  for (const name in raw) if (!(name in parsed)) return { ...raw, ...parsed };
  return parsed as AnyInput['params'];
}

async function readDeclaredBody<TState, TMetadata>(
  declared: DeclaredBody<TState, TMetadata>,
  req: IncomingMessage,
  ctx: RequestContext<TState, TMetadata>,
  limits: BodyLimits,
): Promise<ReadBody | { problem: TsRestKoaProblem['kind'] }> {
  if (!isMediaType(req.headers, declared.mediaType)) return { problem: 'unsupported_media_type' };
  if (declared.read !== undefined)
    return { value: undefined, issues: [], ...(await declared.read(req, ctx)) };
  const read = await readBody(req, limits);
  if ('fault' in read) return { problem: read.fault };
  if (read.bytes.length === 0) return NO_BODY;
  if (declared.format === 'form') {
    const issues: Issue[] = [];
    return { value: parseQuery(read.bytes.toString('utf8'), issues, 'body'), issues };
  }
  const json = parseJsonBody(read.bytes);
  if ('value' in json) return { value: json.value, issues: [] };
  if (json.fault === 'malformed') return { problem: 'malformed_json' };
  const message = 'Nested too deeply';
  return { value: undefined, issues: [{ in: 'body', path: '', code: 'too_deep', message }] };
}
