import { contract, type OperationId, operationIds } from './contract.ts';
import type { ServiceName } from './operation.ts';

/** One row of a gateway's routing table. */
export interface GatewayRoute {
  readonly operationId: OperationId;
  /** The service that answers it. */
  readonly service: ServiceName;
  /** A GET is a HEAD too; OPTIONS goes to any service of the path. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the prefix, parameters written `:name`: `/v1/posts/:postId`. */
  readonly path: string;
}

/** Which service answers what: a gateway in front of separate services is configured from this. */
export function gatewayRoutes(): GatewayRoute[] {
  return operationIds.map((operationId) => {
    const { method, path, metadata } = contract[operationId];
    return { operationId, service: metadata.service, method, path };
  });
}
