import type { OperationDefinition } from './operation.ts';

type Usual = Pick<OperationDefinition, 'body' | 'status' | 'answer' | 'auth'>;

/** Location in the SDK (`posts.create`), method and path (`POST /v1/posts`), and anything non-default. */
type Row = readonly [place: string, request: string, unusual?: Partial<OperationDefinition>];

/** Expands the rows of the generated table. */
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
