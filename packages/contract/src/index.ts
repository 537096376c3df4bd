export {
  apiPrefix,
  type Contract,
  contract,
  type OperationGroups,
  type OperationId,
  operationGroups,
  operationIds,
} from './contract.ts';
export type { UploadedFile } from './entities/media.ts';
export { problem } from './entities/problem.ts';
export {
  ContractError,
  type ContractErrorOptions,
  type ErrorCode,
  type ErrorDefinition,
  errorCodes,
  errorTable,
  type InputIssue,
  invalidField,
} from './errors.ts';
export { type GatewayRoute, gatewayRoutes } from './gateway-routes.ts';
export { contractLimits } from './limits.ts';
export {
  type OperationMetadata,
  type Priority,
  priorities,
  type RateLimitPolicyName,
  type Role,
  type Scope,
  type ServiceName,
} from './operation.ts';
export { queryListsOf } from './query-lists.ts';
export type * from './types.ts';
