import type { SecurityRequirementObject, SecuritySchemeObject } from 'openapi3-ts/oas31';
import type { OperationMetadata } from '../operation.ts';

export const securitySchemes = {
  session: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The `accessToken` of a session (createAccount, createSession): it ends after 15 minutes, refreshSession gives the next. It has every scope.',
  },
  personalAccessToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The `secret` of a personal access token (createToken). It has the scopes it was made with.',
  },
} satisfies Record<string, SecuritySchemeObject>;

/** The tokens that an operation accepts. The scope that a personal access token needs is in `x-twite-scope`. */
export function securityOf({ auth, sessionOnly }: OperationMetadata): SecurityRequirementObject[] {
  if (auth === 'none') return [];
  return [
    ...(auth === 'optional' ? [{}] : []),
    { session: [] },
    ...(sessionOnly ? [] : [{ personalAccessToken: [] }]),
  ];
}
