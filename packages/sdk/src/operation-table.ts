import type { OperationDefinition } from './operation.ts';

type Usual = Pick<OperationDefinition, 'body' | 'status' | 'answer' | 'auth'>;

/** Place in the SDK (`posts.create`), method and path (`POST /v1/posts`), and what is unusual about it. */
type Row = readonly [place: string, request: string, unusual?: Partial<OperationDefinition>];

/** Writes out the rows of the generated table. */
export const operationTable = <Id extends string>(
  usual: Usual,
  rows: Readonly<Record<Id, Row>>,
): Readonly<Record<Id, OperationDefinition>> =>
  Object.fromEntries(
    Object.entries<Row>(rows).map(([id, [place, request, unusual]]) => {
      const [namespace, name] = place.split('.');
      const [method, path = ''] = request.split(' ');
      const isPost = method === 'POST';
      const pathParams = Array.from(path.matchAll(/:(\w+)/g), ([, param]) => param);
      const keys = { idempotent: !isPost, idempotencyKey: isPost };
      return [
        id,
        { id, namespace, name, method, path, pathParams, query: {}, ...usual, ...keys, ...unusual },
      ];
    }),
  ) as Record<Id, OperationDefinition>;
