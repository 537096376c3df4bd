import type { OperationDefinition } from './operation.ts';
/** What most operations are like: the generated table says only what is different. */
export declare const usual: {
  readonly body: 'none';
  readonly status: 200;
  readonly answer: 'value';
  readonly auth: 'required';
};
/** A row of the generated table. `place`: `posts.create`; `request`: `POST /v1/posts`. */
export declare function row(
  id: string,
  place: string,
  request: string,
  unusual?: Partial<OperationDefinition>,
): OperationDefinition;
//# sourceMappingURL=operation-row.d.ts.map
