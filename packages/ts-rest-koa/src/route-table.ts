import createRouter from 'find-my-way';

/** The operation that answers a request. */
export interface RouteMatch<TOperation> {
  operation: TOperation;
  params: Record<string, string | undefined>;
  /** Still encoded, without the question mark. */
  queryString: string;
}

/** Finds operations by method and path. */
export interface RouteTable<TOperation> {
  /** HEAD is matched as GET. Undefined when no operation has this method and path. */
  match(method: string, url: string): RouteMatch<TOperation> | 'malformed' | undefined;
  /** The methods of a path, with HEAD and OPTIONS. Undefined if it has none. */
  allowed(url: string): readonly string[] | 'malformed' | undefined;
}

/** Longer than any request line that Node accepts by default, so that the schema decides about long parameters. */
const MAX_PARAM_LENGTH = 65_536;

/** Compiles the routes of `operations`, each below `pathPrefix`. */
export function createRouteTable<TOperation extends { route: { method: string; path: string } }>(
  operations: readonly TOperation[],
  pathPrefix: string,
): RouteTable<TOperation> {
  const router = createRouter({
    maxParamLength: MAX_PARAM_LENGTH,
    onBadUrl: unreachable,
    querystringParser: (text) => text,
  });
  const methods = new Set<string>();
  for (const operation of operations) {
    const method = operation.route.method as 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    router.on(method, pathPrefix + operation.route.path, unreachable, operation);
    methods.add(method);
  }
  router.compile();

  const find = (method: string, url: string): RouteMatch<TOperation> | 'malformed' | undefined => {
    const found = router.find(method as 'GET', url);
    if (found === null) return undefined;
    if (found.store === null) return 'malformed';
    return {
      operation: found.store as TOperation,
      params: found.params,
      queryString: found.searchParams as unknown as string,
    };
  };

  return {
    match: (method, url) => find(method === 'HEAD' ? 'GET' : method, url),
    allowed: (url) => {
      const allowed: string[] = [];
      for (const method of methods) {
        const found = find(method, url);
        if (found === 'malformed') return found;
        if (found !== undefined) allowed.push(...(method === 'GET' ? ['GET', 'HEAD'] : [method]));
      }
      return allowed.length === 0 ? undefined : [...allowed, 'OPTIONS'];
    },
  };
}

function unreachable(): never {
  throw new Error('Routes are looked up, never run, by find-my-way');
}
