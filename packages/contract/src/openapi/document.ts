import type { OpenAPIObject, OperationObject, PathsObject, TagObject } from 'openapi3-ts/oas31';
import { type ErrorCode, errorCodes } from '../errors.ts';
import { headerComponents } from './headers.ts';
import { codesByStatus, operationObject } from './operation-object.ts';
import { problemExample, problemResponse, problemResponseName } from './problems.ts';
import { type DocumentedRoute, documentedRoutes } from './route.ts';
import { schemaRegistry } from './schemas.ts';
import { securitySchemes } from './security.ts';
import { shareParameters } from './shared-parameters.ts';
import { topics } from './topics.ts';

export interface OpenApiOptions {
  /** The version of the contract, as in its package.json. */
  readonly version: string;
  /** The URL of the instance. Default: where the document was fetched from. */
  readonly serverUrl?: string;
}

const description = `A self-hosted microblog: accounts, posts, replies, follows, timelines and search.

- Lists return \`{ items, nextCursor }\`. Send \`nextCursor\` as \`cursor\` to get the next page, until it is null.
- Times are in ISO 8601 format, in UTC. Ids are decimal strings of 19 digits that sort by time.
- Text must be well-formed Unicode and must not contain NUL.
- Errors are \`application/problem+json\` (RFC 9457); \`code\` identifies the error. An unknown path returns \`not_found\`. An unsupported method returns \`method_not_allowed\` with an Allow header.
- HEAD works wherever GET works; OPTIONS works everywhere.
- You can safely retry a POST with an \`Idempotency-Key\` for 24 hours.
- Minor versions can add members to responses and values to \`code\`.`;

const byName = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

function pathsOf(operations: readonly (readonly [DocumentedRoute, OperationObject])[]): PathsObject {
  const paths: PathsObject = {};
  for (const [route, operation] of operations) {
    const path = route.path.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation };
  }
  return paths;
}

/** Generates the OpenAPI 3.1 document of the contract: plain JSON, deterministic for given options. */
export function generateOpenApi(options: OpenApiOptions): OpenAPIObject {
  const registry = schemaRegistry();
  const operations = documentedRoutes().map((route) => [route, operationObject(route, registry)] as const);
  const told = new Set<ErrorCode>();
  const problems = new Map<string, ReturnType<typeof problemResponse>>();
  for (const [route] of operations) {
    for (const [status, codes] of codesByStatus(route.metadata.errors)) {
      problems.set(problemResponseName(codes), problemResponse(status, codes, registry));
      for (const code of codes) told.add(code);
    }
  }
  const parameters = shareParameters(operations.map(([, operation]) => operation));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Twite',
      description,
      version: options.version,
      contact: { name: 'Twite', url: 'https://github.com/twite/twite/issues' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: options.serverUrl ?? '/',
        ...(options.serverUrl === undefined
          ? { description: 'The instance that serves this document.' }
          : {}),
      },
    ],
    tags: Object.entries(topics).map(([name, about]): TagObject => ({ name, description: about })),
    paths: pathsOf(operations),
    components: {
      schemas: byName(Object.entries(registry.components)),
      parameters: byName(Object.entries(parameters)),
      headers: { ...headerComponents },
      responses: byName(problems),
      examples: Object.fromEntries(
        errorCodes.filter((code) => told.has(code)).map((code) => [code, problemExample(code, registry)]),
      ),
      securitySchemes,
    },
  };
}
