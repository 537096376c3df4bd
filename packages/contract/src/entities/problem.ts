import { z } from 'zod4';
import { errorCodes } from '../errors.ts';

/** RFC 9457, `application/problem+json`. */
export const problem = z
  .object({
    type: z.string().describe('A page about the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(errorCodes).meta({ id: 'ErrorCode' }),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          in: z.enum(['path', 'query', 'headers', 'body']),
          path: z.string(),
          code: z.string(),
          message: z.string(),
        }),
      )
      .optional()
      .describe('With `invalid_input`: every place that is not valid.'),
  })
  .meta({ id: 'Problem' });
