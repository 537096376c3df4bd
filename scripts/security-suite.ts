/** One kind of attack, and the tests for it. */
export interface SecurityCase {
  readonly what: string;
  /** Paths from the root of the repository. */
  readonly files: readonly string[];
}

const server = (...files: readonly string[]) => files.map((file) => `packages/server/src/${file}`);

/** The cases that `npm run test:security` runs: some are next to the code they test, some in this folder. */
export const securitySuite: readonly SecurityCase[] = [
  {
    what: 'who may do what: sessions, tokens, scopes, roles, rate limits, CORS, hostile input on every operation',
    files: server('http-tests/embedded.test.ts'),
  },
  { what: 'who sees what, by relation and operation', files: server('http-tests/visibility.test.ts') },
  {
    what: 'hostile forms, files and names of uploads',
    files: [
      ...server(
        'http/uploads/read-form.test.ts',
        'http/uploads/uploads.test.ts',
        'http/media/range-of.test.ts',
      ),
      'packages/workers/src/media/hostile-files.test.ts',
    ],
  },
  {
    what: 'hostile requests below the contract: bytes, bodies, paths, headers',
    files: ['packages/ts-rest-koa/src/fuzz.test.ts', 'packages/ts-rest-koa/src/requests.test.ts'],
  },
  {
    what: 'hostile text, ids and cursors',
    files: [
      'packages/contract/src/entities/primitives.test.ts',
      'packages/contract/src/entities/page.test.ts',
    ],
  },
  {
    what: 'passwords and floods of sign-ins',
    files: server(
      'passwords/create-password-hasher.test.ts',
      'passwords/fair-order.test.ts',
      'security-tests/sign-in-flood.test.ts',
    ),
  },
  {
    what: 'refused requests: bodies over the limit, Host headers, 100 Continue',
    files: [
      ...server('security-tests/refused-requests.test.ts'),
      'packages/ts-rest-koa/src/request-body.test.ts',
    ],
  },
  {
    what: 'slow clients, floods of connections and of requests',
    files: server(
      'lifecycle/draining-server.test.ts',
      'http/shed-load.test.ts',
      'http/shed-requests.test.ts',
      'security-tests/slow-clients.test.ts',
      'security-tests/connection-flood.test.ts',
    ),
  },
  { what: 'headers of every kind of response', files: server('security-tests/headers.test.ts') },
  {
    what: 'answers that the OpenAPI document does not tell',
    files: server('security-tests/schemathesis.test.ts'),
  },
  {
    what: 'secrets in logs: no password, token or text of the whole HTTP suite',
    files: server('http-tests/sent-secrets.test.ts'),
  },
  { what: 'dependencies with known faults', files: server('security-tests/dependency-audit.test.ts') },
];
