import { initContract } from '@ts-rest/core';
import Koa from 'koa';
import { createKoaMiddleware, problemStatuses } from 'ts-rest-koa';
import { z } from 'zod4';

const c = initContract();
const problem = c.otherResponse({
  contentType: 'application/problem+json',
  body: z.object({ title: z.string(), status: z.number() }),
});
const note = z.object({ noteId: z.string(), text: z.string() });

const contract = c.router(
  {
    getNote: {
      method: 'GET',
      path: '/notes/:noteId',
      pathParams: z.object({ noteId: z.string().regex(/^\d+$/) }),
      responses: { 200: note, 404: problem },
      metadata: { auth: false },
    },
    createNote: {
      method: 'POST',
      path: '/notes',
      body: z.object({ text: z.string().min(1) }),
      responses: { 201: note, 401: problem },
      metadata: { auth: true },
    },
    watchNotes: {
      method: 'GET',
      path: '/notes/stream',
      responses: { 200: c.otherResponse({ contentType: 'text/event-stream', body: c.type<string>() }) },
      metadata: { auth: false },
    },
  },
  { strictStatusCodes: true, commonResponses: { 422: problem } },
);

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, title: string) {
    super(title);
    this.status = status;
  }
}

/** Filled by hooks, read by handlers. */
interface State {
  account: string;
}

const notes = new Map<string, { noteId: string; text: string }>();

const middleware = createKoaMiddleware<typeof contract, State>(
  contract,
  {
    getNote: async ({ params }) => {
      const found = notes.get(params.noteId);
      if (found === undefined) throw new Refusal(404, 'No such note');
      return { status: 200, body: found };
    },
    createNote: async ({ body, ctx }) => {
      const created = { noteId: String(notes.size + 1), text: `${ctx.state.account}: ${body.text}` };
      notes.set(created.noteId, created);
      return { status: 201, headers: { Location: `/v1/notes/${created.noteId}` }, body: created };
    },
    watchNotes: async ({ ctx }) => ({
      status: 200,
      body: (async function* () {
        for (const { text } of notes.values()) {
          if (ctx.signal.aborted) return;
          yield `data: ${JSON.stringify(text)}\n\n`;
        }
      })(),
    }),
  },
  {
    pathPrefix: '/v1',
    // Once an operation, when the middleware is made: each gets the hooks that its metadata asks for.
    forOperation: ({ metadata }) => ({
      beforeBody: metadata.auth
        ? [
            (ctx) => {
              const account = ctx.koa.get('authorization');
              if (account === '') throw new Refusal(401, 'Sign in first');
              ctx.state.account = account;
            },
          ]
        : [],
    }),
    mapError: (error) =>
      error instanceof Refusal
        ? { status: error.status, body: { title: error.message, status: error.status } }
        : undefined,
    onProblem: ({ kind, issues }) => {
      const status = problemStatuses[kind];
      return {
        status,
        headers: { 'Content-Type': 'application/problem+json' },
        body: { title: kind, status, issues },
      };
    },
    etag: true,
    log: (event) => console.error(event),
  },
);

export const app = new Koa().use(middleware);
