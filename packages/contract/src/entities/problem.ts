import { z } from 'zod4';
import { errorCodes } from '../errors.ts';

/** RFC 9457, `application/problem+json`. */
export const problem = z
  .object({
    type: z
      .string()
      .describe('The URL of a page that describes the code.')
      .meta({ examples: ['/docs#invalid_input'] }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(errorCodes).meta({ id: 'ErrorCode' }),
    requestId: z
      .string()
      .describe('Identifies the request in the server log.')
      .meta({ examples: ['01JD2Q4W6M9V3T8XK5Z7R1B0CE'] }),
    errors: z
      .array(
        z
          .object({
            in: z.enum(['path', 'query', 'headers', 'body']),
            path: z
              .string()
              .describe('A dotted path, such as `entities.0.start`; empty for the whole input.'),
            code: z.string(),
            message: z.string(),
          })
          .meta({
            id: 'InputIssue',
            examples: [
              { in: 'body', path: 'handle', code: 'too_big', message: 'must be at most 30 characters' },
            ],
          }),
      )
      .optional()
      .describe(
        'For `invalid_input`, every invalid field. For a rejected upload of several files, the file that caused the error.',
      ),
  })
  .meta({ id: 'Problem' });
