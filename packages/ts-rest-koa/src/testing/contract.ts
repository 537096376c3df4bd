import { initContract } from '@ts-rest/core';
import { z } from 'zod4';

const c = initContract();

const problem = c.otherResponse({
  contentType: 'application/problem+json',
  body: z.object({ status: z.number(), kind: z.string() }),
});

const note = z.object({ noteId: z.string(), text: z.string(), tags: z.array(z.string()) });

const commaList = z
  .string()
  .optional()
  .transform((text) => (text === undefined ? [] : text.split(',')));

/** A contract with one route for each feature of the adapter. */
export const contract = c.router(
  {
    getNote: {
      method: 'GET',
      path: '/notes/:noteId',
      pathParams: z.object({ noteId: z.string().regex(/^\d{1,19}$/) }),
      query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20), tags: commaList }),
      responses: { 200: note },
      metadata: { auth: 'none' },
    },
    createNote: {
      method: 'POST',
      path: '/folders/:folder/notes',
      pathParams: z.object({ folder: z.string().min(3) }),
      query: z.strictObject({ dry: z.enum(['yes', 'no']).optional() }),
      headers: { 'X-Kind': z.enum(['plain', 'rich']), 'X-Count': z.coerce.number().optional() },
      body: z.object({ text: z.string().min(1), tags: z.array(z.string()).default([]) }),
      responses: { 201: note, 409: problem },
      metadata: { auth: 'required' },
    },
    deleteNote: { method: 'DELETE', path: '/notes/:noteId', responses: { 204: c.noBody() } },
    putNote: {
      method: 'PUT',
      path: '/notes/:noteId',
      body: c.noBody(),
      responses: { 200: z.object({ noteId: z.string() }) },
    },
    echo: { method: 'POST', path: '/echo', body: z.unknown(), responses: { 200: z.unknown() } },
    form: {
      method: 'POST',
      path: '/form',
      contentType: 'application/x-www-form-urlencoded',
      body: z.object({ name: z.string() }),
      responses: { 200: z.object({ name: z.string() }) },
    },
    params: { method: 'GET', path: '/params/:first/:second', responses: { 200: z.unknown() } },
    nested: {
      deep: {
        run: {
          method: 'GET',
          path: '/run',
          query: z.object({ mode: z.string() }),
          responses: { 200: z.unknown() },
        },
      },
      stream: {
        method: 'GET',
        path: '/stream',
        responses: { 200: c.otherResponse({ contentType: 'text/event-stream', body: c.type<string>() }) },
      },
    },
  },
  { commonResponses: { 401: problem, 422: problem }, strictStatusCodes: true },
);
