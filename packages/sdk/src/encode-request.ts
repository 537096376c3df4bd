import { TwiteInputError } from './errors.ts';
import type { OperationDefinition } from './operation.ts';

/** What of a request depends on its input. */
export interface EncodedRequest {
  /** Path and query, from the root of the API. */
  readonly target: string;
  /** JSON, or undefined for no body. */
  readonly body: string | undefined;
}

export type Input = Readonly<Record<string, unknown>>;

function encode(value: string, what: string): string {
  try {
    return encodeURIComponent(value);
  } catch (cause) {
    throw new TwiteInputError(`${what} holds half of a surrogate pair, which UTF-8 cannot carry.`, { cause });
  }
}

function encodePathParam(name: string, value: unknown): string {
  // Numbers lose digits of an id without a word, so they are not taken.
  if (typeof value !== 'string') throw new TwiteInputError(`${name} must be a string.`);
  if (value === '') throw new TwiteInputError(`${name} must not be empty.`);
  // A URL has no way to write these as names: they would climb to another operation, even percent-encoded.
  if (value === '.' || value === '..') throw new TwiteInputError(`${name} must not be "${value}".`);
  return encode(value, name);
}

function encodeQueryValue(name: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw new TwiteInputError(`${name} must be a string, a number or a boolean.`);
  }
  return encode(String(value), name);
}

function encodeQueryList(name: string, value: unknown): string {
  if (!Array.isArray(value)) throw new TwiteInputError(`${name} must be an array.`);
  return value
    .map((member: unknown) => {
      if (String(member).includes(','))
        throw new TwiteInputError(`${name} must not hold commas in its members.`);
      return encodeQueryValue(name, member);
    })
    .join(',');
}

/**
 * Puts each part of the input where it belongs: path, query, and the rest into the body.
 * Throws TwiteInputError for what cannot be sent.
 */
export function encodeRequest(definition: OperationDefinition, input: Input): EncodedRequest {
  const path = definition.path.replaceAll(/:(\w+)/g, (_, name: string) => encodePathParam(name, input[name]));

  const query = Object.entries(definition.query)
    .filter(([name]) => input[name] !== undefined)
    .map(([name, form]) => {
      const value =
        form === 'single' ? encodeQueryValue(name, input[name]) : encodeQueryList(name, input[name]);
      return `${encodeURIComponent(name)}=${value}`;
    });

  const placed = new Set([...definition.pathParams, ...Object.keys(definition.query)]);
  const rest = Object.entries(input).filter(([name, value]) => !placed.has(name) && value !== undefined);
  const sendsBody = definition.body === 'required' || (definition.body === 'optional' && rest.length > 0);
  return {
    target: query.length === 0 ? path : `${path}?${query.join('&')}`,
    body: sendsBody ? JSON.stringify(Object.fromEntries(rest)) : undefined,
  };
}
