import type { z } from 'zod4';
import { contract, type OperationId, operationIds } from '../contract.ts';
import type { OperationMetadata } from '../operation.ts';

/** An operation at run time. It includes error statuses, which the contract's own type leaves to `ContractError`. */
export interface DocumentedRoute {
  readonly operationId: OperationId;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly pathParams?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  /** The schema of the body, or a symbol if the operation has no body. */
  readonly body?: z.ZodType | symbol;
  readonly responses: Readonly<Record<number, z.ZodType | symbol>>;
  readonly metadata: OperationMetadata;
}

/** Every operation, in the order of the contract. */
export const documentedRoutes = (): DocumentedRoute[] =>
  operationIds.map((operationId) => ({
    operationId,
    // ts-rest's types know neither zod 4 as such nor the statuses added to each operation.
    ...(contract[operationId] as unknown as Omit<DocumentedRoute, 'operationId'>),
  }));
