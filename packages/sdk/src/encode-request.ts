import { TwiteInputError } from './errors.ts';
import { type OperationDefinition, operationName } from './operation.ts';

/** The parts of a request that depend on its input. */
export interface EncodedRequest {
  /** Path and query, from the root of the API. */
  readonly target: string;
  /** JSON, or undefined for no body. */
  readonly body: string | undefined;
}

export type Input = Readonly<Record<string, unknown>>;

/** Creates the error for the field that is being encoded. */
type Refuse = (why: string, cause?: unknown) => TwiteInputError;

function encode(value: string, refuse: Refuse): string {
  try {
    return encodeURIComponent(value);
  } catch (cause) {
    throw refuse('holds half of a surrogate pair, which UTF-8 cannot carry', cause);
  }
}

function encodePathParam(value: unknown, refuse: Refuse): string {
  // Numbers silently lose digits of an id, so they are refused.
  if (typeof value !== 'string') throw refuse('must be a string');
  if (value === '') throw refuse('must not be empty');
  // A URL cannot express these as names: they would resolve to another operation, even percent-encoded.
  if (value === '.' || value === '..') throw refuse(`must not be "${value}"`);
  return encode(value, refuse);
}

function encodeQueryValue(value: unknown, refuse: Refuse): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw refuse('must be a string, a number or a boolean');
  }
  return encode(String(value), refuse);
}

function encodeQueryList(value: unknown, refuse: Refuse): string {
  if (!Array.isArray(value)) throw refuse('must be an array');
  return value
    .map((member: unknown) => {
      if (String(member).includes(',')) throw refuse('must not hold commas in its members');
      return encodeQueryValue(member, refuse);
    })
    .join(',');
}

/**
 * Puts each part of the input where it belongs: path, query, and the rest into the body. Throws TwiteInputError for
 * input that cannot be sent.
 */
export function encodeRequest(definition: OperationDefinition, input: Input): EncodedRequest {
  const refuse =
    (parameter: string): Refuse =>
    (why, cause) =>
      new TwiteInputError(`${operationName(definition)}: ${parameter} ${why}.`, {
        parameter,
        ...(cause === undefined ? {} : { cause }),
      });

  const path = definition.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodePathParam(input[name], refuse(name)),
  );

  const query = Object.entries(definition.query)
    .filter(([name]) => input[name] !== undefined)
    .map(([name, form]) => {
      const encodeValue = form === 'single' ? encodeQueryValue : encodeQueryList;
      return `${encodeURIComponent(name)}=${encodeValue(input[name], refuse(name))}`;
    });

  const placed = new Set([...definition.pathParams, ...Object.keys(definition.query)]);
  const rest = Object.entries(input).filter(([name, value]) => !placed.has(name) && value !== undefined);
  const sendsBody = definition.body === 'required' || (definition.body === 'optional' && rest.length > 0);
  return {
    target: query.length === 0 ? path : `${path}?${query.join('&')}`,
    body: sendsBody ? JSON.stringify(Object.fromEntries(rest)) : undefined,
  };
}
