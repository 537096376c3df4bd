import Koa from 'koa';
import type { RouterHandlers } from '../contract-types.ts';
import { createKoaMiddleware } from '../create-koa-middleware.ts';
import type { KoaMiddlewareOptions, LogEvent } from '../options.ts';
import { problemStatuses } from '../problem.ts';
import { contract } from './contract.ts';
import { type Listening, listen } from './listen.ts';

export interface TestState {
  account?: string;
  seen?: string[];
}

type Handlers = RouterHandlers<typeof contract, TestState>;
type Options = KoaMiddlewareOptions<TestState, { auth: string } | undefined>;

export interface TestServer extends Listening {
  /** The log events of the adapter. */
  logged: LogEvent[];
  /** The errors that Koa itself reported: broken connections, and errors that got past the adapter. */
  koaErrors: Error[];
}

const handlers: Handlers = {
  getNote: ({ params, query }) => ({
    status: 200,
    body: { noteId: params.noteId, text: `limit ${query.limit}`, tags: query.tags },
  }),
  createNote: async ({ params, headers, body, ctx }) => ({
    status: 201,
    headers: { Location: '/notes/1', 'X-Kind': headers['x-kind'], 'X-Auth': ctx.metadata.auth },
    body: { noteId: params.folder, text: body.text, tags: body.tags },
  }),
  deleteNote: () => ({ status: 204 }),
  putNote: ({ params }) => ({ status: 200, body: { noteId: params.noteId } }),
  echo: ({ body }) => ({ status: 200, body: body ?? null }),
  form: ({ body }) => ({ status: 200, body }),
  params: ({ params }) => ({ status: 200, body: params }),
  nested: {
    deep: { run: ({ query, ctx }) => ({ status: 200, body: { mode: query.mode, id: ctx.operationId } }) },
    stream: () => ({ status: 200, body: ['never', 'used'].values() }),
  },
};

/** The test contract on its own port. Handlers and options may be replaced. */
export async function serveTest(
  replaced: Partial<Handlers> = {},
  options: Partial<Options> = {},
  prepare: (app: Koa) => void = () => {},
): Promise<TestServer> {
  const logged: LogEvent[] = [];
  const koaErrors: Error[] = [];
  const app = new Koa();
  app.on('error', (error: Error) => koaErrors.push(error));
  prepare(app);
  app.use(
    createKoaMiddleware<typeof contract, TestState>(
      contract,
      { ...handlers, ...replaced },
      {
        onProblem: (problem) => ({
          status: problemStatuses[problem.kind],
          headers: { 'Content-Type': 'application/problem+json' },
          body: { kind: problem.kind, issues: problem.issues },
        }),
        log: (event) => logged.push(event),
        ...options,
      },
    ),
  );
  return { ...(await listen(app)), logged, koaErrors };
}
