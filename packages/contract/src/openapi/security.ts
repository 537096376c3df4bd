import type { SecurityRequirementObject, SecuritySchemeObject } from 'openapi3-ts/oas31';
import type { OperationMetadata } from '../operation.ts';

export const securitySchemes = {
  session: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The `accessToken` of a session, from createAccount or createSession. Valid for 15 minutes; refreshSession returns a new one. Has every scope.',
  },
  personalAccessToken: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The `secret` of a personal access token, from createToken. Has the scopes that you selected when you created it.',
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
