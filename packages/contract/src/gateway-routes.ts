import { contract, type OperationId, operationIds } from './contract.ts';
import type { ServiceName } from './operation.ts';

/** One row of a gateway's routing table. */
export interface GatewayRoute {
  readonly operationId: OperationId;
  /** The service that handles the route. */
  readonly service: ServiceName;
  /** GET includes HEAD. OPTIONS may go to any service of the path. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Includes the prefix. Parameters are written `:name`: `/v1/posts/:postId`. */
  readonly path: string;
}

/** The routes of each service, for configuring a gateway in front of separate services. */
export function gatewayRoutes(): GatewayRoute[] {
  return operationIds.map((operationId) => {
    const { method, path, metadata } = contract[operationId];
    return { operationId, service: metadata.service, method, path };
  });
}
