import type { ExampleObject, ResponseObject } from 'openapi3-ts/oas31';
import { problem } from '../entities/problem.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import type { Problem } from '../types.ts';
import { headersOf } from './headers.ts';
import { sample } from './sample.ts';
import type { SchemaRegistry } from './schemas.ts';

const pascal = (code: string): string =>
  code.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** The name of the response component for these codes. */
export const problemResponseName = (codes: readonly ErrorCode[]): string => codes.map(pascal).join('Or');

/** An example problem with this code. */
export function problemExample(code: ErrorCode, registry: SchemaRegistry): ExampleObject {
  const { status, title, detail } = errorTable[code];
  const made = sample(registry.schemaOf(problem, 'output'), registry.components) as Problem;
  const { errors, ...rest } = { ...made, type: `/docs#${code}`, title, status, detail, code };
  const value: Problem = code === 'invalid_input' && errors ? { ...rest, errors } : rest;
  return { summary: title, value };
}

/** A response with any of these codes, which share one status. */
export function problemResponse(
  status: number,
  codes: readonly ErrorCode[],
  registry: SchemaRegistry,
): ResponseObject {
  return {
    description: codes.map((code) => `- \`${code}\`: ${errorTable[code].detail}`).join('\n'),
    headers: headersOf(status, 'no-store'),
    content: {
      'application/problem+json': {
        schema: registry.schemaOf(problem, 'output'),
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
    'x-error-codes': [...codes],
  };
}
