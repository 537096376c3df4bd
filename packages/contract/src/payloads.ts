import { type ContractAnyType, ContractNoBody, type ContractNoBodyType } from '@ts-rest/core';
import type { z } from 'zod4';

/**
 * How the body of a request is sent. The server, the OpenAPI document and the SDK each have a table over these kinds,
 * so that a new one does not compile before all of them handle it.
 */
export type BodyKind = 'none' | 'json' | 'upload';

/** How the successful answer is sent, as for `BodyKind`. An answer that is a stream needs a kind of its own. */
export type AnswerKind = 'empty' | 'json' | 'page';

export interface Body<Kind extends BodyKind = BodyKind, Schema = ContractAnyType | ContractNoBodyType> {
  readonly kind: Kind;
  readonly schema: Schema;
}

export interface Answer<
  Kind extends AnswerKind = AnswerKind,
  Status extends number = number,
  Schema = ContractAnyType | ContractNoBodyType,
> {
  readonly kind: Kind;
  /** The only status of success. */
  readonly status: Status;
  readonly schema: Schema;
}

export const noBody = { kind: 'none', schema: ContractNoBody } satisfies Body<'none'>;

export const jsonBody = <const S extends z.ZodType>(schema: S): Body<'json', S> => ({ kind: 'json', schema });

/** A form with files: `multipart/form-data`. */
export const uploadBody = <const S extends z.ZodType>(schema: S): Body<'upload', S> => ({
  kind: 'upload',
  schema,
});

export const empty: Answer<'empty', 204, ContractNoBodyType> = {
  kind: 'empty',
  status: 204,
  schema: ContractNoBody,
};

export const ok = <const S extends z.ZodType>(schema: S): Answer<'json', 200, S> => ({
  kind: 'json',
  status: 200,
  schema,
});

export const created = <const S extends z.ZodType>(schema: S): Answer<'json', 201, S> => ({
  kind: 'json',
  status: 201,
  schema,
});

/** A page of a list: items and the cursor of the next page. */
export const page = <const S extends z.ZodType<{ items: unknown[]; nextCursor: string | null }>>(
  schema: S,
): Answer<'page', 200, S> => ({ kind: 'page', status: 200, schema });
