import { z } from 'zod4';
import { contractLimits } from '../limits.ts';
import { id } from './primitives.ts';

const nextCursor = z
  .string()
  .nullable()
  .meta({
    id: 'NextCursor',
    description: 'The `cursor` of the next page; `null` on the last page.',
    examples: ['1855647289012345678'],
  });

/** A page of a list. `nextCursor` is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor });

export const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(contractLimits.pageSizeMax)
  .default(contractLimits.pageSizeDefault)
  .describe('The maximum number of items to return.');

/** The query of a list whose cursor is the id of the last item seen. */
export const pageQuery = z.object({
  limit,
  cursor: id.optional().describe('The `nextCursor` of the previous page.'),
});

/** Marks the metadata of query parameters with comma-separated values. */
export const commaSeparatedMark = 'x-comma-separated';

/** Comma-separated values in one query parameter (OpenAPI: `style: form, explode: false`). */
export const commaSeparated = <T extends z.ZodType<unknown, string>>(item: T, max: number) =>
  z
    .string()
    .max(max * 40)
    .transform((value) => value.split(','))
    .pipe(z.array(item).min(1).max(max))
    // OpenAPI describes the array and how it is serialised.
    .meta({ [commaSeparatedMark]: true });
